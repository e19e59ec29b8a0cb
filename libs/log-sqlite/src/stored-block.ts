import { constants, crc32, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** Records with offsets in a row, packed (`packed-record.ts`), before they are stored. */
export type Block = {
  readonly first: number;
  readonly count: number;
  /** Bit p is set where a record of partition p is inside. */
  readonly partitions: number;
  /** Of every record that has none of its own. Microseconds. */
  readonly loggedAt: number;
  readonly body: Uint8Array;
};

export type Outline = Pick<Block, 'first' | 'count' | 'partitions'>;

/** Of blocks in a row: how many records they hold, and the offset after the last of them. */
export type Total = { readonly records: number; readonly until: number };

/** How the body is kept: as it is, or as one zstd frame. */
const CODEC = { plain: 0, zstd: 1 } as const;

/** A block as a row of a period file. */
export type StoredBlock = Block & { readonly codec: number; readonly checksum: number };

/** Some three frames. Compressing costs about 20 µs a block whatever its size, and fewer do not repeat themselves. */
const COMPRESS_FROM = 1024;
const FASTEST = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

export class DamagedBlock extends Error {
  override readonly name = 'DamagedBlock';
}

export function storeBlock(block: Block): StoredBlock {
  const compressed = block.body.length >= COMPRESS_FROM ? zstdCompressSync(block.body, FASTEST) : block.body;
  const smaller = compressed.length < block.body.length;
  const stored = {
    ...block,
    codec: smaller ? CODEC.zstd : CODEC.plain,
    body: smaller ? compressed : block.body,
  };
  return { ...stored, checksum: checksumOf(stored) };
}

/**
 * The packed records of a stored block.
 * @throws DamagedBlock where anything of it is not as it was stored
 */
export function openBlock(stored: StoredBlock): Uint8Array {
  if (checksumOf(stored) !== stored.checksum) {
    throw new DamagedBlock(`the block at offset ${stored.first} is not as it was written`);
  }
  if (stored.codec === CODEC.plain) return stored.body;
  if (stored.codec === CODEC.zstd) return zstdDecompressSync(stored.body);
  throw new DamagedBlock(`the block at offset ${stored.first} is stored in a way this version does not know`);
}

/** CRC-32 of the columns and the body: SQLite itself notices a damaged page only when its structure breaks. */
function checksumOf({ first, count, partitions, loggedAt, codec, body }: Omit<StoredBlock, 'checksum'>) {
  return crc32(body, crc32(`${first} ${count} ${partitions} ${loggedAt} ${codec}`));
}
