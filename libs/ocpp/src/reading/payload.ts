import type { LoggedRecord, Payloads } from '@chargeproof/record';
import { readPayload } from '@chargeproof/record';
import { readFrame } from '../codec/read-frame.ts';
import type { Frame } from '../frame.ts';

/**
 * A run's tick is read in the stream of every station it watches, and names all their idle connections:
 * without this memory a thousand stations would parse the same hundred kilobytes a thousand times.
 */
const alreadyRead = new WeakMap<LoggedRecord, Payloads[keyof Payloads]>();

/** The payload of a record that is no frame. @throws SyntaxError where it is not JSON: such a record is not ours. */
export function payloadOf(record: LoggedRecord): Payloads[keyof Payloads] {
  const known = alreadyRead.get(record);
  if (known !== undefined) return known;
  const payload = readPayload(record.attributes.type as keyof Payloads, record.value);
  alreadyRead.set(record, payload);
  return payload;
}

const framesRead = new WeakMap<LoggedRecord, Frame>();

/**
 * The codec's verdict on a frame record, read once for all who ask: the row of `records` wants it, and so
 * do the folds.
 */
export function frameOf(record: LoggedRecord): Frame {
  const known = framesRead.get(record);
  if (known !== undefined) return known;
  const { opcode = 'text', cut, sealed } = record.attributes;
  const frame = readFrame(record.value, opcode, cut !== undefined, sealed?.verdict);
  framesRead.set(record, frame);
  return frame;
}
