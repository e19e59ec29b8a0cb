import type { Attributes, LoggedRecord } from '@chargeproof/record';
import { createSealer } from '@chargeproof/record';
import { describe, expect, it } from 'vitest';
import { readFrame } from '../codec/read-frame.ts';
import { frameOf } from './payload.ts';

const sealer = createSealer({
  current: 'a',
  keys: new Map([['a', Buffer.alloc(32, 1)]]),
  standIns: Buffer.alloc(32, 2),
});

/** The frame as it lies in the log. */
function sealedRecord(original: Uint8Array, more: Partial<Attributes> = {}): LoggedRecord {
  const { value, sealed } = sealer.seal(original, 'text');
  return {
    key: 'default/CP-1',
    attributes: {
      id: 'c/0',
      source: 'run',
      type: 'ocpp.frame.v1',
      tenant: 'default',
      subject: 'CP-1',
      time: 0,
      witness: 'wire',
      opcode: 'text',
      ...(sealed && { sealed }),
      ...more,
    },
    value,
    position: { generation: 0, partition: 0, offset: 0 },
    loggedAt: 0,
  };
}

describe('a fault behind a sealed value', () => {
  it.each([
    [
      'an element too many',
      '[2,"1","Authorize",{"idTag":"A1"},{"idTag":"a tag of more than twenty letters"},7]',
    ],
    ['details that are none', '[4,"1","GenericError","idTag: A1B2 refused",[]]'],
    ['an end that is missing', '[2,"1","Authorize",{"idTag":"A1"}'],
    ['what is no JSON', '[2,"1","Authorize",{"idTag":"A1"},]'],
  ])('stands at its byte of the wire: %s', (_what, text) => {
    const original = Buffer.from(text);
    const record = sealedRecord(original);
    expect(record.attributes.sealed?.values.length).toBeGreaterThan(0);
    expect(record.value.length).not.toBe(original.length);
    expect(frameOf(record).fault).toEqual(readFrame(original, 'text').fault);
  });

  it('stands where a frame above the limit was cut', () => {
    const start = Buffer.from('[2,"1","DataTransfer",{"idTag":"A1","data":"');
    const record = sealedRecord(start, { cut: { bytes: 5_000_000, sha256: '00' } });
    expect(frameOf(record).fault).toEqual({ reason: 'cut', offset: start.length });
  });
});
