import type { AppendRequest } from '@chargeproof/log';
import { LogFailed } from '@chargeproof/log';
import { type Attributes, fromHeaders, type Micros, toHeaders } from '@chargeproof/record';
import type { FetchedMessage } from './client/inside.ts';
import { toBytes, toText } from './text.ts';

/** A record as a Kafka message: CloudEvents in binary mode, the key that decided its partition, its bytes. */
export type OutgoingMessage = {
  readonly key: Buffer;
  readonly value: Buffer;
  readonly headers: Record<string, Buffer>;
  readonly partition: number;
};

/** What Kafka adds to each record and each header, generously. */
const FRAMING_BYTES = 64;

export function toMessage(
  { key, attributes, value }: AppendRequest,
  partition: number,
): { readonly message: OutgoingMessage; readonly bytes: number } {
  const headers: Record<string, Buffer> = {};
  let bytes = key.length * 3 + value.byteLength + FRAMING_BYTES;
  for (const [name, text] of Object.entries(toHeaders(attributes))) {
    const header = toBytes(text);
    headers[name] = header;
    bytes += name.length + header.length + FRAMING_BYTES;
  }
  // A copy: the caller may use its buffer again as soon as `append` has returned.
  return { message: { key: toBytes(key), value: Buffer.from(value), headers, partition }, bytes };
}

/** A record as it was read, before its `loggedAt` is known. */
export type ReadRecord = {
  readonly key: string;
  readonly attributes: Attributes;
  readonly value: Uint8Array;
  readonly offset: number;
  /** When the broker took it. */
  readonly appended: Micros;
};

/** @throws LogFailed naming the position of what is no record of ours */
export function fromMessage(place: string, message: FetchedMessage): ReadRecord {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers ?? {})) {
    if (Buffer.isBuffer(value)) headers[name] = toText(value);
  }
  try {
    return {
      key: message.key === null ? '' : toText(message.key),
      attributes: fromHeaders(headers),
      value: message.value ?? new Uint8Array(),
      offset: Number(message.offset),
      appended: Number(message.timestamp) * 1000,
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new LogFailed(`${place}, offset ${message.offset} is no record: ${reason}`, { cause: error });
  }
}
