import type { LoggedRecord, Micros } from '@chargeproof/record';
import type { Offsets, ReadRequest, Topic } from '@chargeproof/log';
import { LogFailed, partitionsIn } from '@chargeproof/log';
import { BlockCursor } from './packed-record.ts';
import { BEYOND } from './period-file.ts';
import type { PeriodFiles } from './period-files.ts';
import { RunningTotal } from './running-total.ts';
import type { Outline, StoredBlock } from './stored-block.ts';
import { openBlock } from './stored-block.ts';

/** The last record of a partition. */
export type Head = { readonly offset: number; readonly loggedAt: Micros };

/** What was seen: partition p has no record at or after `after` that is before `until`. */
type Quiet = { readonly after: number; readonly until: number };

/** Reads one topic. All partitions share one run of offsets, so one scan reads them all. */
export class TopicReader {
  readonly #files: PeriodFiles;
  readonly #topic: Topic;
  readonly #generation: number;
  readonly #partitions: readonly number[];
  readonly #heads = new Map<number, Head>();
  /** Spares a partition that stays silent from being searched again from its last record at every read. */
  readonly #quiet = new Map<number, Quiet>();
  /** Blocks before this offset are in {@link #heads}. */
  #headsUntil = 0;
  readonly #rest: RunningTotal;
  #opened: { readonly first: number; readonly body: Uint8Array } | undefined;

  constructor(files: PeriodFiles, topic: Topic, generation: number) {
    this.#files = files;
    this.#topic = topic;
    this.#generation = generation;
    this.#rest = new RunningTotal((start, before) => files.total(topic, start, before));
    this.#partitions = Array.from({ length: partitionsIn(topic) }, (_, partition) => partition);
  }

  /** As `LogReader.read`. Records that stand before damage are given; the damage itself throws, when it is come to. */
  read({ from, partitions = this.#partitions, maxRecords, maxBytes }: ReadRequest): readonly LoggedRecord[] {
    const starts = this.#startsOf(from, partitions);
    const scan = new Scan(starts, maxRecords, maxBytes);
    try {
      for (const { file, block } of this.#files.scan(this.#topic, scan.start)) {
        const cursor = this.#files.guard(file, () => this.#cursor(block));
        if (this.#files.guard(file, () => scan.take(cursor, this.#generation)) === 'full') break;
        scan.until = block.first + block.count;
      }
    } catch (error) {
      if (scan.batch.length === 0 || !(error instanceof LogFailed)) throw error;
    }
    this.#remember(from, starts, scan);
    return scan.batch;
  }

  /** The offset after the last record of all, as of the last look at {@link heads}. */
  get until(): number {
    return this.#headsUntil;
  }

  /** partition → its last record; missing where it has none. */
  heads(): ReadonlyMap<number, Head> {
    const found = new Set<number>();
    let before = BEYOND;
    let until = this.#headsUntil;
    while (found.size < this.#partitions.length) {
      const located = this.#files.last(this.#topic, this.#maskWithout(found), this.#headsUntil, before);
      if (!located) break;
      const { file, block } = located;
      until = Math.max(until, block.first + block.count);
      before = block.first;
      const heads = this.#files.guard(file, () => headsIn(this.#cursor(block)));
      for (const [partition, head] of heads) {
        if (!found.has(partition)) this.#heads.set(partition, head);
        found.add(partition);
      }
    }
    this.#headsUntil = until;
    return this.#heads;
  }

  end(): Offsets {
    const heads = this.heads();
    return new Map(
      this.#partitions.map((partition) => [partition, (heads.get(partition)?.offset ?? -1) + 1]),
    );
  }

  /** As `LogReader.recordsFrom`. Opens only the blocks through which the offsets go. */
  recordsFrom(from: Offsets): number {
    const ends = this.end();
    const behind = [...from].filter(([partition, next]) => next < (ends.get(partition) ?? 0));
    if (behind.length === 0) return 0;
    // From where all partitions are behind, a block counts as a whole.
    const all = this.#partitions.every((partition) => from.has(partition))
      ? Math.max(...from.values())
      : BEYOND;
    const mask = behind.reduce((sum, [partition]) => sum | (1 << partition), 0);
    const first = Math.min(...behind.map(([, next]) => next));
    const begun = this.#files
      .outlines(this.#topic, first, all, mask)
      .filter(({ first, count, partitions }) =>
        behind.some(([partition, next]) => partitions & (1 << partition) && next < first + count),
      )
      .reduce((sum, block) => sum + this.#countIn(block, from), 0);
    return begun + (all === BEYOND ? 0 : this.#rest.recordsFrom(all));
  }

  #countIn({ first }: Outline, from: Offsets): number {
    const [located] = this.#files.scan(this.#topic, first);
    if (located === undefined) return 0;
    const { file, block } = located;
    return this.#files.guard(file, () => {
      const cursor = new BlockCursor(block.first, block.loggedAt, openBlock(block));
      let count = 0;
      while (cursor.advance()) if (cursor.offset >= (from.get(cursor.partition) ?? BEYOND)) count += 1;
      return count;
    });
  }

  #maskWithout(found: ReadonlySet<number>): number {
    return this.#partitions.reduce(
      (mask, partition) => (found.has(partition) ? mask : mask | (1 << partition)),
      0,
    );
  }

  /** A block that is read in many small batches is checked and unpacked once. */
  #cursor(block: StoredBlock): BlockCursor {
    if (this.#opened?.first !== block.first) this.#opened = { first: block.first, body: openBlock(block) };
    return new BlockCursor(block.first, block.loggedAt, this.#opened.body);
  }

  /** Indexed by partition; a partition that is not wanted starts beyond the end. */
  #startsOf(from: Offsets, wanted: readonly number[]): readonly number[] {
    return this.#partitions.map((partition) => {
      if (!wanted.includes(partition)) return BEYOND;
      const start = from.get(partition) ?? 0;
      const quiet = this.#quiet.get(partition);
      return quiet && start >= quiet.after && start < quiet.until ? quiet.until : start;
    });
  }

  #remember(from: Offsets, starts: readonly number[], { until, next }: Scan): void {
    starts.forEach((start, partition) => {
      if (start === BEYOND || start >= until) return;
      const given = next.get(partition);
      const asked = from.get(partition) ?? 0;
      const known = this.#quiet.get(partition);
      const after = given ?? (known && asked >= known.after && asked < known.until ? known.after : asked);
      this.#quiet.set(partition, { after, until });
    });
  }
}

/** One read under way. */
class Scan {
  readonly batch: LoggedRecord[] = [];
  /** partition → the offset after its last record in the batch */
  readonly next = new Map<number, number>();
  readonly start: number;
  /** Everything wanted before this offset is in the batch. */
  until = 0;
  readonly #starts: readonly number[];
  readonly #maxRecords: number;
  #bytesLeft: number;

  constructor(starts: readonly number[], maxRecords: number, maxBytes: number) {
    this.#starts = starts;
    this.start = Math.min(...starts);
    this.#maxRecords = maxRecords;
    this.#bytesLeft = maxBytes;
  }

  take(cursor: BlockCursor, generation: number): 'full' | 'more' {
    while (cursor.advance()) {
      const { partition, offset } = cursor;
      if (offset < (this.#starts[partition] ?? BEYOND)) continue;
      this.batch.push(cursor.record(generation));
      this.next.set(partition, offset + 1);
      this.until = offset + 1;
      this.#bytesLeft -= cursor.length;
      if (this.batch.length >= this.#maxRecords || this.#bytesLeft < 0) return 'full';
    }
    return 'more';
  }
}

function headsIn(cursor: BlockCursor): ReadonlyMap<number, Head> {
  const heads = new Map<number, Head>();
  while (cursor.advance()) {
    heads.set(cursor.partition, { offset: cursor.offset, loggedAt: cursor.loggedAt });
  }
  return heads;
}
