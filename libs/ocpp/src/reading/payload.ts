import type { LoggedRecord, Payloads } from '@chargeproof/record';
import { readPayload } from '@chargeproof/record';

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
