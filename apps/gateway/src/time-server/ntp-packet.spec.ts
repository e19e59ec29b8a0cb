import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AnswerParts, ntpAnswer } from '../testing/time-server.ts';
import { isAnswerTo, readAnswer, writeQuestion } from './ntp-packet.ts';
import { microsBetween, ntpTime } from './ntp-time.ts';

const NOW = Date.UTC(2026, 10, 21) * 1000;
const MS = 1000;
/** Of a server that had the question for 2 ms, 10 ms away on both ways. */
const answer = (ahead: number, more: Partial<AnswerParts> = {}, at = NOW) =>
  readAnswer(ntpAnswer({ asked: at + ahead + 10 * MS, answered: at + ahead + 12 * MS, ...more }), {
    sent: at,
    received: at + 22 * MS,
  });

describe('an NTP time', () => {
  it('is seconds since 1900 and a fraction, as RFC 5905 has them', () => {
    expect(ntpTime(0)).toBe(2_208_988_800n << 32n);
    expect(ntpTime(Date.UTC(1972, 0, 1) * 1000)).toBe(2_272_060_800n << 32n);
    expect(ntpTime(500_000) & 0xff_ff_ff_ffn).toBe(0x80_00_00_00n);
    expect(ntpTime(Date.UTC(2036, 1, 7, 6, 28, 16) * 1000)).toBe(0n);
  });

  it('is told apart from any other to the microsecond, within 68 years of it and over the end of an era', () => {
    const micros = fc.integer({ min: 0, max: 4_000_000_000_000_000 });
    const apart = fc.integer({ min: -2_000_000_000_000_000, max: 2_000_000_000_000_000 });
    fc.assert(
      fc.property(micros, apart, (one, by) => {
        expect(Math.abs(microsBetween(ntpTime(one), ntpTime(one + by)) - by)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('a question', () => {
  it('has 48 bytes, and nothing in it but its version, its mode and chance', () => {
    const packet = writeQuestion(0x0102030405060708n);
    expect(packet.toString('hex')).toBe(`23${'00'.repeat(39)}0102030405060708`);
  });

  it('is answered by what repeats its chance', () => {
    const packet = ntpAnswer({ originate: 9n, asked: NOW, answered: NOW });
    expect(isAnswerTo(packet, 9n)).toBe(true);
    expect(isAnswerTo(packet, 8n)).toBe(false);
    expect(isAnswerTo(packet.subarray(0, 47), 9n)).toBe(false);
    expect(isAnswerTo(Buffer.concat([packet, Buffer.alloc(20)]), 9n)).toBe(true);
  });
});

describe('an answer', () => {
  it.each([0, 3500, -3500, 86_400_000_000, -86_400_000_000])('tells a clock that is %s µs slow', (ahead) => {
    expect(answer(ahead)).toEqual({ offset: ahead, uncertainty: 10 * MS });
  });

  it('is halved where one way was longer, and may be wrong by half of both', () => {
    const read = readAnswer(ntpAnswer({ asked: NOW + 30 * MS, answered: NOW + 30 * MS }), {
      sent: NOW,
      received: NOW + 40 * MS,
    });
    expect(read).toEqual({ offset: 10 * MS, uncertainty: 20 * MS });
  });

  it("counts the server's own way to a clock: half of it, and its dispersion", () => {
    expect(answer(0, { rootDelay: 0.5, rootDispersion: 0.25 })).toEqual({ offset: 0, uncertainty: 510 * MS });
  });

  it('is read before and behind the end of the era in 2036', () => {
    const end = Date.UTC(2036, 1, 7, 6, 28, 16) * 1000;
    for (const at of [end - 11 * MS, end - 60e6, end + 60e6])
      for (const ahead of [-5e6, 0, 5e6]) expect(answer(ahead, {}, at)).toMatchObject({ offset: ahead });
  });

  it.each<[string, Partial<AnswerParts>]>([
    ['its clock is not synchronised', { leap: 3 }],
    ['its clock is not synchronised (stratum 16)', { stratum: 16 }],
    ['its clock is not synchronised (stratum 255)', { stratum: 255 }],
    ['its clock is not synchronised (stratum 0)', { stratum: 0, reference: '\0\0\0\0' }],
    ['it is of mode 3, no server’s answer'.replace('’', "'"), { mode: 3 }],
    ['it is of version 2 of NTP', { version: 2 }],
    ['it does not say when it was asked or answered', { asked: 0 }],
    ['it does not say when it was asked or answered', { answered: 0 }],
    ['it answered before it was asked, by its own clock', { answered: NOW }],
    ['it had the question for longer than the answer took', { answered: NOW + 5_000_000 }],
    ['it may be wrong by 1260000 µs', { rootDelay: 2, rootDispersion: 0.25 }],
  ])('is refused: %s', (refused, parts) => {
    expect(answer(0, parts)).toMatchObject({ refused });
  });

  it('is refused with the word of a server that wants to be left alone', () => {
    expect(answer(0, { stratum: 0, reference: 'DENY' })).toEqual({
      refused: 'it does not want to be asked (DENY)',
      kiss: 'DENY',
    });
  });

  it('of any 48 bytes is read or refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 48, maxLength: 48 }), (bytes) => {
        const read = readAnswer(Buffer.from(bytes), { sent: NOW, received: NOW + 1000 });
        if ('refused' in read) return;
        expect(Number.isSafeInteger(read.offset)).toBe(true);
        expect(read.uncertainty).toBeLessThanOrEqual(1_000_000);
      }),
    );
  });
});
