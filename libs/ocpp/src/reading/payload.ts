import type { LoggedRecord, Payloads, Sealed } from '@chargeproof/record';
import { originalOffset, readPayload } from '@chargeproof/record';
import { readFrame } from '../codec/read-frame.ts';
import type { Frame, FrameFault } from '../frame.ts';

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

class SameObject {
  constructor(object: object) {
    return object;
  }
}

/**
 * A frame as a private member of its record: it lives and dies with the record, and nobody else sees it. A
 * WeakMap does the same, but hashes every frame, and the garbage collector goes through it again and again.
 */
class Known extends SameObject {
  readonly #frame: Frame;

  constructor(record: LoggedRecord, frame: Frame) {
    super(record);
    this.#frame = frame;
  }

  static of(record: object): Frame | undefined {
    return #frame in record ? record.#frame : undefined;
  }
}

/**
 * The codec's verdict on a frame record, read once for all who ask: the row of `records` wants it, and so
 * do the folds. A fault's offset counts the bytes as they were on the wire, before sealing.
 */
export function frameOf(record: LoggedRecord): Frame {
  const known = Known.of(record);
  if (known !== undefined) return known;
  const { opcode = 'text', cut, sealed } = record.attributes;
  const frame = onTheWire(readFrame(record.value, opcode, cut !== undefined, sealed?.verdict), sealed);
  new Known(record, frame);
  return frame;
}

/** Faults of the frame as a whole, which the codec tells before those that sealing took down. */
const OF_THE_WHOLE: ReadonlySet<FrameFault> = new Set<FrameFault>(['cut', 'binary']);

/** Stand-ins have other lengths than what they stand for. What sealing took down counts the original already. */
function onTheWire(frame: Frame, sealed: Sealed | undefined): Frame {
  const { fault } = frame;
  if (fault === undefined || sealed === undefined) return frame;
  if (sealed.verdict !== undefined && !OF_THE_WHOLE.has(fault.reason)) return frame;
  return { ...frame, fault: { ...fault, offset: originalOffset(sealed, fault.offset) } };
}
