import { describe, expect, it } from 'vitest';
import { csvReader } from './csv.ts';
import { readAll, toldOf } from './testing/read-all.ts';

const HEADER = 'timestamp,id,action,msg\n';
const row = (msg: string, time = '2026-01-01T00:00:00Z') => `${time},CP-1,,"${msg.replaceAll('"', '""')}"\n`;
const read = (rows: string, header = HEADER) => readAll(csvReader(), header + rows);

describe('a CSV recording', () => {
  it('gives each frame byte for byte, whatever stands in it', () => {
    const frames = [
      '[2, "1", "Heartbeat", {}]',
      '[3,"1",\n\t{"a" : "ä€"}\r\n]',
      'no "json, at all',
      '\u0000\uffff',
    ];
    const told = readAll(csvReader(), HEADER + frames.map((frame) => row(frame)).join(''));
    expect(told.map((each) => 'frame' in each && Buffer.from(each.frame.bytes).toString())).toEqual(frames);
    expect(told.map(({ line }) => line)).toEqual([2, 3, 6, 7]);
  });

  it('keeps bytes that are no UTF-8', () => {
    const bytes = Buffer.concat([
      Buffer.from(`${HEADER}t,CP-1,,"[`),
      Buffer.from([0xff, 0xc3]),
      Buffer.from(']"'),
    ]);
    expect(toldOf(readAll(csvReader(), bytes))).toEqual(['[\u00ff\u00c3]']);
  });

  it('goes by the names of its columns: their order, case and delimiter are free', () => {
    const [first] = read('"[1]";ignored;CP-9;noon\r\n', '\ufeffMSG;Action;Id;Timestamp\r\n');
    expect(first).toMatchObject({ line: 2, frame: { station: 'CP-9', time: 'noon' } });
  });

  it('names the lines that give no frame, and goes on behind them', () => {
    expect(
      toldOf(
        read(
          [
            row('[1]'),
            '\n2026-01-01T00:00:00Z,CP-1,Heartbeat,[2,"1","Heartbeat",{}]\n',
            '2026-01-01T00:00:00Z,,,"[2]"\n',
            '2026-01-01T00:00:00Z,CP-1,,\n',
            row('[3]'),
          ].join(''),
        ),
      ),
    ).toEqual([
      '[1]',
      '4: has 7 fields, and the header 4: a frame stands in quotes',
      '5: names no station',
      '6: has no frame',
      '[3]',
    ]);
  });

  it('loses one row to a quote that is left open, not the file', () => {
    const cut = '2026-01-01T00:00:00Z,CP-1,,"[2,""1""\n';
    expect(toldOf(read(row('[1]') + cut + row('["2"]') + row('[3]')))).toEqual([
      '[1]',
      '3: has a quote that is not closed',
      '["2"]',
      '[3]',
    ]);
    expect(toldOf(read(row('[1]') + cut))).toEqual(['[1]', '3: has a quote that is not closed']);
  });

  it('without a header that it knows gives nothing, and says so of each line', () => {
    expect(toldOf(readAll(csvReader(), 'time,station,frame\n1,2,3\n'))).toEqual([
      '1: is no header with timestamp, id and msg',
      '2: is no header with timestamp, id and msg',
    ]);
  });
});
