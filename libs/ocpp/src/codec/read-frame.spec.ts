import type { JsonValue } from '@chargeproof/json';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Frame } from '../frame.ts';
import { FRAME_FAULTS } from '../frame.ts';
import { readFrame } from './read-frame.ts';

const read = (text: string, opcode: 'text' | 'binary' = 'text') => readFrame(Buffer.from(text), opcode);
/** The frame without its payload's reader, and the payload as it is read. */
function told(frame: Frame): Omit<Frame, 'payload'> & { payload?: unknown } {
  const { payload, ...rest } = frame;
  return payload ? { ...rest, payload: payload() } : rest;
}
const object = (members: Record<string, JsonValue> = {}) => new Map(Object.entries(members));

describe('a well-formed message', () => {
  it.each<[string, ReturnType<typeof told>]>([
    [
      '[2,"id","Heartbeat",{}]',
      {
        kind: 'call',
        messageType: 2,
        messageId: 'id',
        action: 'Heartbeat',
        duplicateKeys: [],
        payload: object(),
      },
    ],
    [
      ' [ 2 ,\t"id",\n"Heartbeat" , null ] ',
      {
        kind: 'call',
        messageType: 2,
        messageId: 'id',
        action: 'Heartbeat',
        duplicateKeys: [],
        payload: null,
      },
    ],
    [
      '[3,"id",{"transactionId":9223372036854775807}]',
      {
        kind: 'call-result',
        messageType: 3,
        messageId: 'id',
        duplicateKeys: [],
        payload: object({ transactionId: { source: '9223372036854775807' } }),
      },
    ],
    [
      '[4," 8182","GenericError","",{}]',
      {
        kind: 'call-error',
        messageType: 4,
        messageId: ' 8182',
        errorCode: 'GenericError',
        errorDescription: '',
        duplicateKeys: [],
        payload: object(),
      },
    ],
    [
      '[5,"id","InternalError","x",{}]',
      {
        kind: 'call-result-error',
        messageType: 5,
        messageId: 'id',
        errorCode: 'InternalError',
        errorDescription: 'x',
        duplicateKeys: [],
        payload: object(),
      },
    ],
    [
      '[6,"id","NotifyPeriodicEventStream",{"id":1}]',
      {
        kind: 'send',
        messageType: 6,
        messageId: 'id',
        action: 'NotifyPeriodicEventStream',
        duplicateKeys: [],
        payload: object({ id: { source: '1' } }),
      },
    ],
  ])('%s has no fault', (text, frame) => {
    expect(told(read(text))).toEqual(frame);
  });

  it('keeps ids and actions as they were written, decoded', () => {
    const frame = read('[2,"\\u0000 ü\\ud800","Data\\u0054ransfer",{"data":"a\\u0000b"}]');
    expect(frame.messageId).toBe('\u0000 ü\ud800');
    expect(frame.action).toBe('DataTransfer');
    expect(frame.payload?.()).toEqual(object({ data: 'a\u0000b' }));
    expect(frame.fault).toBeUndefined();
  });

  it('tells of duplicate names, and the last one counts', () => {
    const frame = read('[2,"1","Authorize",{"idTag":"A","id\\u0054ag":"B"}]');
    expect(frame.duplicateKeys).toEqual(['/3/idTag']);
    expect(frame.fault).toBeUndefined();
    expect(frame.payload?.()).toEqual(object({ idTag: 'B' }));
  });
});

describe('a frame with a fault', () => {
  it.each<[string, string, number, Partial<Frame>]>([
    ['', 'truncated-json', 0, { kind: 'unknown' }],
    ['hello', 'not-json', 0, { kind: 'unknown' }],
    ['[2,"id","Boot', 'truncated-json', 13, { kind: 'call', messageId: 'id' }],
    ['[2,"id","Boot",{"a":', 'truncated-json', 20, { kind: 'call', messageId: 'id', action: 'Boot' }],
    ['[2,"id","Boot",{"a":,}]', 'not-json', 20, { kind: 'call', messageId: 'id', action: 'Boot' }],
    ['[2,"id","Boot",{"a":NaN}]', 'not-json', 20, { action: 'Boot' }],
    [`[2,"id","Boot",${'['.repeat(2000)}`, 'too-deep', 514, { action: 'Boot' }],
    ['{"idTag":"x"}', 'not-array', 0, { kind: 'unknown' }],
    [' "x"', 'not-array', 1, { kind: 'unknown' }],
    [' []', 'empty-array', 1, { kind: 'unknown' }],
    ['["2","id","Heartbeat",{}]', 'message-type-not-number', 1, { kind: 'call', action: 'Heartbeat' }],
    ['[null,"id"]', 'message-type-not-number', 1, { kind: 'unknown', messageId: 'id' }],
    ['["","id"]', 'message-type-not-number', 1, { kind: 'unknown', messageId: 'id' }],
    [
      '[9,"id","Heartbeat",{}]',
      'message-type-unknown',
      1,
      { kind: 'unknown', messageType: 9, messageId: 'id' },
    ],
    ['[2.5,"id","Heartbeat",{}]', 'message-type-unknown', 1, { messageType: 2.5, messageId: 'id' }],
    ['[-1,"id"]', 'message-type-unknown', 1, { kind: 'unknown', messageType: -1 }],
    ['[2,"id","Heartbeat"]', 'wrong-length', 19, { kind: 'call', action: 'Heartbeat' }],
    ['[2,"id","Heartbeat",{},1]', 'wrong-length', 23, { kind: 'call', action: 'Heartbeat' }],
    ['[2]', 'wrong-length', 2, { kind: 'call', messageType: 2 }],
    ['[3,"5","StartTransactionResponse",{"transactionId":7}]', 'wrong-length', 34, { kind: 'call-result' }],
    ['[4,"id",{"code":1}]', 'wrong-length', 18, { kind: 'call-error', messageId: 'id' }],
    ['[4,"id","GenericError"]', 'wrong-length', 22, { kind: 'call-error', errorCode: 'GenericError' }],
    ['[2,17,"Heartbeat",{}]', 'message-id-not-string', 3, { messageId: '17', action: 'Heartbeat' }],
    ['[4,null,"GenericError","",{}]', 'message-id-not-string', 3, { errorCode: 'GenericError' }],
    ['[2,"id",7,{}]', 'action-not-string', 8, { kind: 'call', messageId: 'id' }],
    ['[2,"id","Heartbeat",[]]', 'payload-not-object', 20, { action: 'Heartbeat' }],
    ['[3,"id","Accepted"]', 'payload-not-object', 8, { kind: 'call-result', messageId: 'id' }],
    ['[4,"id",{},"",{}]', 'error-code-not-string', 8, { kind: 'call-error', errorDescription: '' }],
    ['[4," 8182","GenericError",null,"{}"]', 'error-description-not-string', 26, { messageId: ' 8182' }],
    ['[4,"id","GenericError","","{}"]', 'error-details-not-object', 26, { errorCode: 'GenericError' }],
    ['[4,"id","GenericError","",null]', 'error-details-not-object', 26, { errorCode: 'GenericError' }],
  ])('%s is %s at byte %i', (text, reason, offset, rest) => {
    const frame = read(text);
    expect(frame.fault).toEqual({ reason, offset });
    expect(frame).toMatchObject(rest);
  });

  it('keeps a payload that stands in the wrong place', () => {
    expect(read('[3,"5","StartTransactionResponse",{"transactionId":7}]').payload?.()).toEqual(
      object({ transactionId: { source: '7' } }),
    );
    expect(read('[2,"5",{"idTag":"x"}]').payload?.()).toEqual(object({ idTag: 'x' }));
    expect(read('[4,"id","GenericError","","{}"]').payload?.()).toBe('{}');
    expect(read('[2,"id","Heartbeat"]').payload).toBeUndefined();
    expect(read('[9,"id","Heartbeat",{}]').payload).toBeUndefined();
  });

  it('of bytes that are no UTF-8 tells where, and reads the rest', () => {
    const bytes = Buffer.concat([
      Buffer.from('[2,"id","Heartbeat",{"a":"'),
      Buffer.from([0xc3, 0x28]),
      Buffer.from('"}]'),
    ]);
    const frame = readFrame(bytes, 'text');
    expect(frame.fault).toEqual({ reason: 'not-utf8', offset: 26 });
    expect(frame).toMatchObject({ kind: 'call', messageId: 'id', action: 'Heartbeat' });
    expect(frame.payload?.()).toEqual(object({ a: '\ufffd(' }));
  });

  it('of opcode binary is read all the same', () => {
    const frame = read('[2,"id","Heartbeat",{}]', 'binary');
    expect(frame.fault).toEqual({ reason: 'binary', offset: 0 });
    expect(frame).toMatchObject({ kind: 'call', messageId: 'id', action: 'Heartbeat' });
    expect(readFrame(Uint8Array.of(0, 255, 1), 'binary').fault?.reason).toBe('binary');
  });

  it('that is cut says so, even where its beginning is whole', () => {
    expect(readFrame(Buffer.from('[2,"id","DataTransfer",{"data":"xx'), 'text', true)).toMatchObject({
      kind: 'call',
      action: 'DataTransfer',
      fault: { reason: 'cut', offset: 34 },
    });
  });

  it('keeps the verdict that sealing took down', () => {
    const known = { reason: 'truncated-json', offset: 99 };
    expect(readFrame(Buffer.from('[2,"id","Heartbeat",{}]'), 'text', false, known).fault).toEqual(known);
    expect(readFrame(Buffer.from('[]'), 'text', false, { reason: 'of-later', offset: 1 }).fault).toEqual({
      reason: 'not-json',
      offset: 1,
    });
  });
});

describe('any bytes', () => {
  const frameLike = fc
    .tuple(fc.constantFrom(2, 3, 4, 5, 6, 7, '2', null), fc.array(fc.jsonValue(), { maxLength: 5 }))
    .map(([type, rest]) => Buffer.from(JSON.stringify([type, ...rest])));
  const mangled = fc.tuple(frameLike, fc.nat(), fc.nat(255), fc.boolean()).map(([bytes, place, by, cut]) => {
    const at = place % bytes.length;
    return cut
      ? bytes.subarray(0, at)
      : Buffer.concat([bytes.subarray(0, at), Buffer.from([by]), bytes.subarray(at + 1)]);
  });
  const anyBytes = fc.oneof(frameLike, mangled, fc.uint8Array({ maxLength: 60 }));

  it('get a verdict and never throw', () => {
    fc.assert(
      fc.property(anyBytes, fc.constantFrom('text', 'binary'), fc.boolean(), (bytes, opcode, cut) => {
        const { fault, payload, kind } = readFrame(bytes, opcode, cut);
        payload?.();
        if (fault) {
          expect(FRAME_FAULTS).toContain(fault.reason);
          expect(fault.offset).toBeLessThanOrEqual(bytes.length);
        } else expect(kind).not.toBe('unknown');
      }),
      { numRuns: 3000 },
    );
  });

  it('that have no fault are what JSON.parse reads', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        const frame = readFrame(bytes, 'text');
        if (frame.fault) return;
        const parsed = JSON.parse(Buffer.from(bytes).toString()) as unknown[];
        expect(frame.messageType).toBe(parsed[0]);
        expect(frame.messageId).toBe(parsed[1]);
      }),
      { numRuns: 1000 },
    );
  });
});
