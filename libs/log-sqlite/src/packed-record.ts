import type { Attributes, LoggedRecord, Micros } from '@chargeproof/record';
import { readAttributes, writeAttributes } from '@chargeproof/record';
import type { AppendRequest } from '@chargeproof/log';

/**
 * A record as bytes, the same on the way to the writer and on disk. Little-endian:
 *
 *   u32 bytes of the value
 *   u32 bytes of the attributes
 *   u16 bytes of the key; 0xffff: no bytes, the key is `<tenant>/<subject>` as the attributes have them
 *   u16 partition; the top bit says that a loggedAt of its own follows, else the block's holds
 *   f64 loggedAt, where it has its own
 *   key, attributes (the compact text of libs/record), value
 */
const HEADER = 12;
const OWN_LOGGED_AT = 8;
const KEY_OF_ATTRIBUTES = 0xffff;
const OWN_LOGGED_AT_BIT = 0x8000;
const MAX_KEY_BYTES = 0xfffe;
/** Far above what the gateway lets through (16 MiB), far below what SQLite holds in a row. */
const MAX_RECORD_BYTES = 256 * 1024 * 1024;
/** Blocks are compressed and read whole: large enough to compress well, small enough to read one record. */
const BLOCK_BYTES = 64 * 1024;

/** A record made ready, so that nothing can fail any more once its call is being packed. */
export type Prepared = {
  readonly partition: number;
  /** undefined: as {@link KEY_OF_ATTRIBUTES}. */
  readonly key: string | undefined;
  readonly attributes: string;
  readonly loggedat: Micros | undefined;
  readonly value: Uint8Array;
};

/** @throws RangeError for a record that is larger than the format holds */
export function prepare(partition: number, { key, attributes, value }: AppendRequest): Prepared {
  const written = writeAttributes(attributes);
  if (key.length * 3 > MAX_KEY_BYTES && Buffer.byteLength(key) > MAX_KEY_BYTES) {
    throw new RangeError(`a key has at most ${MAX_KEY_BYTES} bytes`);
  }
  if (value.byteLength + written.length > MAX_RECORD_BYTES) {
    throw new RangeError(`a record has at most ${MAX_RECORD_BYTES} bytes`);
  }
  return {
    partition,
    key: key === keyOf(attributes) ? undefined : key,
    attributes: written,
    loggedat: attributes.loggedat,
    value,
  };
}

const keyOf = ({ tenant, subject }: Attributes) =>
  subject === undefined ? undefined : `${tenant}/${subject}`;

/** Packs records behind each other. Its buffer is its own, so that it can be handed to another thread. */
export class BlockPacker {
  count = 0;
  /** Bit p is set where a record of partition p is in the block. */
  partitions = 0;
  #bytes = Buffer.allocUnsafeSlow(4096);
  #length = 0;

  get isFull(): boolean {
    return this.#length >= BLOCK_BYTES;
  }

  /** The packed records: the first `length` bytes. */
  get packed(): { readonly buffer: ArrayBuffer; readonly length: number } {
    return { buffer: this.#bytes.buffer, length: this.#length };
  }

  /** @param ownLoggedAt where it is not the block's */
  add({ partition, key, attributes, value }: Prepared, ownLoggedAt?: Micros): void {
    const most = HEADER + OWN_LOGGED_AT + ((key?.length ?? 0) + attributes.length) * 3 + value.byteLength;
    if (this.#length + most > this.#bytes.length) this.#grow(this.#length + most);
    const bytes = this.#bytes;
    const start = this.#length;
    let at = start + HEADER;
    if (ownLoggedAt !== undefined) at = bytes.writeDoubleLE(ownLoggedAt, at);
    const keyLength = key === undefined ? KEY_OF_ATTRIBUTES : bytes.write(key, at);
    if (key !== undefined) at += keyLength;
    const attributesLength = bytes.write(attributes, at);
    at += attributesLength;
    bytes.set(value, at);
    bytes.writeUInt32LE(value.byteLength, start);
    bytes.writeUInt32LE(attributesLength, start + 4);
    bytes.writeUInt16LE(keyLength, start + 8);
    bytes.writeUInt16LE(ownLoggedAt === undefined ? partition : partition | OWN_LOGGED_AT_BIT, start + 10);
    this.#length = at + value.byteLength;
    this.count += 1;
    this.partitions |= 1 << partition;
  }

  #grow(needed: number): void {
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}

/** Steps through a block's records, and decodes only those that are asked for. */
export class BlockCursor {
  offset: number;
  partition = 0;
  /** Bytes of the record at hand, header and all. */
  length = 0;
  readonly #blockLoggedAt: Micros;
  readonly #bytes: Buffer;
  #start = 0;
  #next = 0;

  /** @param first offset of the block's first record */
  constructor(first: number, loggedAt: Micros, body: Uint8Array) {
    this.offset = first - 1;
    this.#blockLoggedAt = loggedAt;
    this.#bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  }

  /** @returns false at the end of the block */
  advance(): boolean {
    if (this.#next >= this.#bytes.length) return false;
    const bytes = this.#bytes;
    const start = this.#next;
    const place = bytes.readUInt16LE(start + 10);
    const keyLength = bytes.readUInt16LE(start + 8);
    this.length =
      HEADER +
      (place & OWN_LOGGED_AT_BIT ? OWN_LOGGED_AT : 0) +
      (keyLength === KEY_OF_ATTRIBUTES ? 0 : keyLength) +
      bytes.readUInt32LE(start + 4) +
      bytes.readUInt32LE(start);
    this.partition = place & ~OWN_LOGGED_AT_BIT;
    this.offset += 1;
    this.#start = start;
    this.#next = start + this.length;
    return true;
  }

  get loggedAt(): Micros {
    const hasOwn = this.#bytes.readUInt16LE(this.#start + 10) & OWN_LOGGED_AT_BIT;
    return hasOwn ? this.#bytes.readDoubleLE(this.#start + HEADER) : this.#blockLoggedAt;
  }

  /** The record at hand. Its value shares memory with its block: whoever keeps it for long copies it. */
  record(generation: number): LoggedRecord {
    const bytes = this.#bytes;
    const valueStart = this.#next - bytes.readUInt32LE(this.#start);
    const attributesStart = valueStart - bytes.readUInt32LE(this.#start + 4);
    const keyLength = bytes.readUInt16LE(this.#start + 8);
    const attributes = readAttributes(bytes.toString('utf8', attributesStart, valueStart));
    const key =
      keyLength === KEY_OF_ATTRIBUTES
        ? `${attributes.tenant}/${attributes.subject ?? ''}`
        : bytes.toString('utf8', attributesStart - keyLength, attributesStart);
    return {
      key,
      attributes,
      value: new Uint8Array(bytes.buffer, bytes.byteOffset + valueStart, this.#next - valueStart),
      position: { generation, partition: this.partition, offset: this.offset },
      loggedAt: this.loggedAt,
    };
  }
}
