import { describe, expect, it } from 'vitest';
import { openOcppTraceReader } from './open-ocpp-trace.ts';
import { readAll, toldOf } from './testing/read-all.ts';
import { type TracedFrame, writeTrace } from './write-trace.ts';

const frameIn = (line: string) => {
  const [read] = readAll(openOcppTraceReader(), line, 1000);
  return read !== undefined && 'frame' in read ? read.frame : read;
};
const trace = (members: object) =>
  JSON.stringify({ schemaVersion: '1.1', chargePointId: 'CP-1', ...members });

describe('a trace', () => {
  it('gives its raw text, the circumstances it states, and the time as written', () => {
    const raw = '[2, "1" ,"Heartbeat",{} ]';
    expect(
      frameIn(trace({ raw, timestamp: '2026-01-01 00:00', ocppVersion: '1.6', direction: 'csms-to-cp' })),
    ).toEqual({
      station: 'CP-1',
      time: '2026-01-01 00:00',
      direction: 'csms-to-station',
      protocol: 'ocpp1.6',
      bytes: Buffer.from(raw),
    });
    expect(frameIn(trace({ raw, timestamp: 17, direction: 'up', schemaVersion: '1.7' }))).toEqual({
      station: 'CP-1',
      time: '17',
      bytes: Buffer.from(raw),
    });
  });

  it.each([
    [{ messageType: 'CALL', messageId: 'a"b', action: 'X' }, '[2,"a\\"b","X",{}]'],
    [{ messageType: 'CALLRESULT', messageId: '1', payload: { a: [1, null] } }, '[3,"1",{"a":[1,null]}]'],
    [
      { messageType: 'CALLERROR', messageId: '1', error: { code: 'GenericError' } },
      '[4,"1","GenericError","",{}]',
    ],
  ])('without raw is put together from its members: %j', (members, frame) => {
    expect(toldOf(readAll(openOcppTraceReader(), trace(members)))).toEqual([frame]);
  });

  it('put together keeps its numbers as they are written', () => {
    const line =
      '{"chargePointId":"C","messageType":"CALLRESULT","messageId":"1","payload":{"id":9007199254740993,"v":1.50e+1}}';
    expect(toldOf(readAll(openOcppTraceReader(), line))).toEqual([
      '[3,"1",{"id":9007199254740993,"v":1.50e+1}]',
    ]);
  });

  it('names lines that give no frame', () => {
    const lines = [
      trace({ raw: '[1]' }).slice(0, -9),
      '',
      '[]',
      trace({ raw: '[1]', schemaVersion: '2.0' }),
      trace({ raw: '<x/>', transport: 'soap' }),
      trace({ raw: '[1]', chargePointId: undefined }),
      trace({ messageType: 'CALL', action: 'X' }),
      trace({}),
      trace({ raw: '[1]' }),
    ];
    expect(toldOf(readAll(openOcppTraceReader(), lines.join('\r\n')))).toEqual([
      '1: is not JSON',
      '3: is JSON, but no object',
      '4: has schema version 2.0; 1.x is read',
      '5: is SOAP; only OCPP-J is read',
      '6: names no station',
      '7: has neither raw nor what a frame is made of',
      '8: has neither raw nor a messageType',
      '[1]',
    ]);
  });

  it('that names no station is of the one it is told', () => {
    const [read] = readAll(openOcppTraceReader('CP-7'), '{"raw":"[1]"}');
    expect(read).toMatchObject({ frame: { station: 'CP-7' } });
  });
});

const FRAME: Omit<TracedFrame, 'bytes'> = {
  station: 'CP-1',
  time: 1_767_225_600_000_001,
  direction: 'csms-to-station',
  protocol: 'ocpp2.0.1',
};
const written = (frame: string, more: Partial<TracedFrame> = {}) =>
  writeTrace({ ...FRAME, bytes: Buffer.from(frame), ...more });

describe('a written trace', () => {
  it('is what the format wants, with the frame as it was', () => {
    const frame = '[4,"1", "GenericError",\n"ä", {"n":1.0}]';
    const line = written(frame) ?? '';
    expect(line.endsWith('}\n') && line.indexOf('\n') === line.length - 1).toBe(true);
    expect(line).toContain('"details":{"n":1.0}');
    expect(JSON.parse(line)).toEqual({
      schemaVersion: '1.1',
      timestamp: '2026-01-01T00:00:00.000001Z',
      ocppVersion: '2.0.1',
      transport: 'json',
      chargePointId: 'CP-1',
      direction: 'csms-to-cp',
      messageType: 'CALLERROR',
      messageId: '1',
      error: { code: 'GenericError', description: 'ä', details: { n: 1 } },
      raw: frame,
    });
  });

  it.each([
    [{ claimed: '2026-01-01T01:00:00.5+01:00' }, '2026-01-01T01:00:00.5+01:00'],
    [{ claimed: '1 January' }, '1 January'],
    [{ claimed: '', inferred: 'direction' as const }, ''],
  ])('read again is the same frame at the same claimed time: %j', (more, time) => {
    const frame = '[2,"1","Heartbeat",\n{}]';
    const { inferred } = { inferred: undefined, ...more };
    expect(frameIn(written(frame, more) ?? '')).toEqual({
      station: 'CP-1',
      time,
      direction: 'csms-to-station',
      protocol: 'ocpp2.0.1',
      bytes: Buffer.from(frame),
      ...(inferred !== undefined && { inferred }),
    });
  });

  it.each(['[2,"1"', 'hello', '[2,"1",17,{}]', '[9,"1",{}]', '{}', '[6,"1","X",{}]', '["2","1","X",{}]'])(
    'is none for what the format cannot hold: %s',
    (frame) => {
      expect(written(frame)).toBeUndefined();
    },
  );

  it.each(['[2,17,"X",{}]', '[3,"1",[1]]', '[4,"1",{}]', '[2,"1","X"]'])(
    'holds a message of a wrong form: %s',
    (frame) => {
      expect(frameIn(written(frame) ?? '')).toMatchObject({ bytes: Buffer.from(frame) });
    },
  );
});
