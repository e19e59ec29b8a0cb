import type { JsonValue } from '@chargeproof/json';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readFrame } from '../codec/read-frame.ts';
import {
  booleanOf,
  caseless,
  clockOf,
  integerOf,
  itemsOf,
  member,
  payloadIn,
  textOf,
  wordOf,
} from './index.ts';

const json = (text: string): JsonValue | undefined =>
  member(payloadIn(readFrame(Buffer.from(`[2,"1","A",{"a":${text}}]`), 'text')), 'a');

describe('members', () => {
  it('are found on their path, and nowhere where there is none', () => {
    const payload = json('{"b":{"c":1},"d":[2,null],"__proto__":3}');
    expect(textOf(member(payload, 'b', 'c'))).toBe('1');
    expect(textOf(member(payload, '__proto__'))).toBe('3');
    expect(itemsOf(member(payload, 'd'))).toEqual([{ source: '2' }, null]);
    for (const path of [['x'], ['b', 'x'], ['d', '0'], ['b', 'c', 'source'], ['toString'], ['d', 'length']])
      expect(member(payload, ...path)).toBeUndefined();
    for (const none of ['null', '"text"', '7', '{"0":1}']) expect(itemsOf(json(none))).toEqual([]);
  });
});

describe('scalars', () => {
  it.each([
    ['1', '1', 1],
    ['"2"', '2', 2],
    ['1.0', '1.0', 1],
    ['1e3', '1e3', 1000],
    ['-0', '-0', 0],
    ['" -7 "', ' -7 ', -7],
    ['9223372036854775807', '9223372036854775807', '9223372036854775807'],
    ['"-9223372036854775808"', '-9223372036854775808', '-9223372036854775808'],
    ['9223372036854775808', '9223372036854775808', null],
    ['1e21', '1e21', null],
    ['1e400', '1e400', null],
    ['1e-400', '1e-400', 0],
    ['1.5', '1.5', null],
    ['""', '', null],
    ['"0x10"', '0x10', null],
    ['"one"', 'one', null],
    ['true', 'true', null],
    ['null', null, null],
    ['[1]', null, null],
    ['{"source":"1"}', null, null],
  ])('%s is the text %j and the integer %j', (text, asText, asInteger) => {
    expect(textOf(json(text))).toBe(asText);
    expect(integerOf(json(text))).toBe(asInteger);
  });

  it('takes no time over digits without end', () => {
    expect(integerOf(json('9'.repeat(60_000)))).toBeNull();
    expect(integerOf(json(`1e${'9'.repeat(60_000)}`))).toBeNull();
    expect(wordOf(json(`"${'x'.repeat(65_536)}"`))?.length).toBeLessThanOrEqual(129);
    expect(wordOf(json(`"${'x'.repeat(500)}"`), 500)).toHaveLength(500);
  });

  it('reads booleans and CiStrings', () => {
    expect(['true', '"False"', '0', '"no"', 'null'].map((text) => booleanOf(json(text)))).toEqual([
      true,
      false,
      null,
      null,
      null,
    ]);
    expect(caseless('HeartBeatInterval')).toBe('heartbeatinterval');
  });
});

const RECEIVED = Date.parse('2026-11-01T00:00:00Z') * 1000;
const micros = (text: string) => Date.parse(text) * 1000;

describe('a time that a station writes', () => {
  it.each([
    ['2026-11-01T00:00:00Z', 'plausible', RECEIVED],
    ['2026-11-01T02:00:00.5+02', 'plausible', RECEIVED + 500_000],
    ['2026-11-01T02:00:00+0200', 'plausible', RECEIVED],
    ['2026-11-01 00:00:00 Z', 'plausible', RECEIVED],
    ['2026-11-01t00:00z', 'plausible', RECEIVED],
    ['2026-10-31T23:59:59,123456789Z', 'plausible', RECEIVED - 876_544],
    ['2026-11-02T00:00:00Z', 'plausible', RECEIVED + 86_400_000_000],
    ['2026-11-02T00:00:00.000001Z', 'implausible', RECEIVED + 86_400_000_001],
    ['2010-01-01T00:00:00Z', 'plausible', micros('2010-01-01T00:00:00Z')],
    ['2009-12-31T23:59:59Z', 'implausible', micros('2009-12-31T23:59:59Z')],
    ['1970-01-01T00:00:00.740Z', 'implausible', 740_000],
    ['2099-01-01T00:00:00Z', 'implausible', micros('2099-01-01T00:00:00Z')],
    ['1899-12-31T23:59:59Z', 'implausible', null],
    ['0001-01-01T00:00:00Z', 'implausible', null],
    ['9999-12-31T23:59:59Z', 'implausible', null],
    ['222222017-05-01T10:00:00Z', 'implausible', null],
    ['-0044-03-15T10:00:00Z', 'implausible', null],
    ['2026-11-01T00:00:00', 'no-zone', null],
    ['2026-13-01T00:00:00', 'unreadable', null],
    ['2026-02-29T00:00:00Z', 'unreadable', null],
    ['2026-11-01T24:00:00Z', 'unreadable', null],
    ['2026-11-01T00:00:00+99', 'unreadable', null],
    ['1793491200', 'unreadable', null],
    ['', 'unreadable', null],
    ['noon', 'unreadable', null],
    [`2026-11-01T00:00:00.${'0'.repeat(65_000)}Z`, 'unreadable', null],
    [null, 'absent', null],
  ])('%j is %s', (text, clock, parsed) => {
    expect(clockOf(text, RECEIVED)).toEqual({ parsed, clock });
  });

  it('is what the calendar says, in any zone', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('2010-01-02'), max: new Date('2026-10-31'), noInvalidDate: true }),
        fc.integer({ min: -14 * 60, max: 14 * 60 }),
        (date, minutes) => {
          const local = new Date(date.getTime() + minutes * 60_000).toISOString().slice(0, -1);
          const two = (number: number) => String(number).padStart(2, '0');
          const away = Math.abs(minutes);
          const zone = `${minutes < 0 ? '-' : '+'}${two(Math.floor(away / 60))}:${two(away % 60)}`;
          expect(clockOf(local + zone, RECEIVED)).toEqual({
            parsed: date.getTime() * 1000,
            clock: 'plausible',
          });
        },
      ),
    );
  });
});
