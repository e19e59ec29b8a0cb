import { describe, expect, it } from 'vitest';
import { detectFormat } from './formats.ts';

const detect = (text: string | number[]) => detectFormat(Buffer.from(text as string));

describe('the format of a file', () => {
  it.each([
    ['\ufefftimestamp,id,action,msg\r\n', 'csv'],
    ['"Id";"MSG";"Timestamp"\n', 'csv'],
    ['rawr","x":1}\n\n{"schemaVersion":"1.1"}', 'open-ocpp-trace'],
    ['{"raw":"[1]"}', 'open-ocpp-trace'],
    ['{"specversion":"1.0","key":"default/CP-1"}', 'record'],
  ])('%j is told by its lines', (text, format) => {
    expect(detect(text)).toEqual({ format });
  });

  it.each([
    ['', /no format that is known here \(.*timestamp.*\); --format/],
    ['[1,2]\nhello', /no format that is known here \(.*timestamp.*\); --format/],
    [[0x1f, 0x8b, 8, 0], /^is compressed \(gzip\): unpack it first$/],
    [[0x7f, 0x45, 0, 0xff], /^is no text/],
  ])('%j is none', (text, why) => {
    expect(detect(text)).toMatch(why);
  });
});
