import { join } from 'node:path';
import { LogFailed } from '@chargeproof/log';
import { periodFilesIn } from './folder.ts';
import { OFFSETS_PER_OPENING } from './offsets.ts';
import { PeriodFileReader } from './period-file.ts';
import { reasonOf } from './sqlite-error.ts';
import type { Outline, StoredBlock, Total } from './stored-block.ts';
import { DamagedBlock } from './stored-block.ts';

/** Files held open at once: the newest, and a few that are being read. */
const MAX_OPEN = 4;

type Located = { readonly file: string; readonly block: StoredBlock };

/** All period files of a folder as one run of blocks per topic. Every error names its file. */
export class PeriodFiles {
  readonly #folder: string;
  readonly #open = new Map<string, PeriodFileReader>();
  #names: readonly string[];

  constructor(folder: string) {
    this.#folder = folder;
    this.#names = periodFilesIn(folder);
    if (this.#names.length === 0) throw new LogFailed(`the log in ${folder} has no period file`);
  }

  /** A number that changes when something is appended, or a new period begins. */
  version(): string {
    const newest = this.#newest();
    return `${newest} ${this.#in(newest, (file) => file.version())}`;
  }

  /**
   * Blocks of a topic in order, from the one that holds the offset, or the next one.
   * @throws LogFailed where one is missing or cannot be read
   */
  *scan(topic: string, offset: number): Generator<Located> {
    let expected = offset;
    for (const file of this.#from(topic, offset)) {
      for (const block of this.#blocksIn(file, topic, offset)) {
        if (block.first > expected && !this.#mayFollowGap(topic, block.first)) {
          throw this.#failed(file, `its records from offset ${expected} to ${block.first - 1} are missing`);
        }
        expected = block.first + block.count;
        yield { file, block };
      }
    }
  }

  /** The last block that starts in [from, before) and holds one of the partitions (a bit each). */
  last(topic: string, partitions: number, from: number, before: number): Located | undefined {
    this.#findNew();
    for (const file of this.#names.toReversed()) {
      const block = this.#in(file, (reader) => reader.last(topic, partitions, from, before));
      if (block) return { file, block };
      if ((this.#first(file, topic) ?? Number.POSITIVE_INFINITY) <= from) return undefined;
    }
    return undefined;
  }

  /** As `PeriodFileReader.outlines`, of all files. */
  outlines(topic: string, after: number, before: number, partitions: number): readonly Outline[] {
    return this.#from(topic, after).flatMap((file) =>
      this.#in(file, (reader) => reader.outlines(topic, after, before, partitions)),
    );
  }

  /** As `PeriodFileReader.total`, of all files. */
  total(topic: string, from: number, before: number): Total {
    const totals = this.#from(topic, from).map((file) =>
      this.#in(file, (reader) => reader.total(topic, from, before)),
    );
    return {
      records: totals.reduce((sum, { records }) => sum + records, 0),
      until: Math.max(from, ...totals.map(({ until }) => until)),
    };
  }

  /** Runs what reads a block or a file; what goes wrong becomes a LogFailed that names the file. */
  guard<Result>(file: string, work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      throw error instanceof LogFailed || error instanceof RangeError ? error : this.#failed(file, error);
    }
  }

  close(): void {
    for (const file of this.#open.values()) file.close();
    this.#open.clear();
  }

  /** Offsets follow each other, save where an owner opened the log, and where the log begins. */
  #mayFollowGap(topic: string, first: number): boolean {
    return first % OFFSETS_PER_OPENING === 0 || first === this.#oldest(topic);
  }

  #oldest(topic: string): number | undefined {
    for (const file of this.#names) {
      const first = this.#first(file, topic);
      if (first !== undefined) return first;
    }
    return undefined;
  }

  *#blocksIn(file: string, topic: string, offset: number): Generator<StoredBlock> {
    const rows = this.#in(file, (reader) => reader.scan(topic, offset))[Symbol.iterator]();
    try {
      for (;;) {
        const row = this.guard(file, () => rows.next());
        if (row.done === true) return;
        yield row.value;
      }
    } finally {
      rows.return?.();
    }
  }

  /** The files in which a topic's records from an offset on may be. */
  #from(topic: string, offset: number): readonly string[] {
    this.#findNew();
    return this.#names.slice(this.#indexOf(topic, offset));
  }

  /** The newest file that starts at or before the offset, else the oldest. */
  #indexOf(topic: string, offset: number): number {
    const index = this.#names.findLastIndex((file) => {
      const first = this.#first(file, topic);
      return first !== undefined && first <= offset;
    });
    return Math.max(0, index);
  }

  #first(file: string, topic: string): number | undefined {
    return this.#in(file, (reader) => reader.first(topic));
  }

  #newest(): string {
    return this.#names.at(-1) ?? '';
  }

  /** Asked before a read: what is appended to a file comes before the word that another goes on after it. */
  #findNew(): void {
    if (this.#in(this.#newest(), (file) => file.isFollowed())) this.#names = periodFilesIn(this.#folder);
  }

  #in<Result>(name: string, work: (file: PeriodFileReader) => Result): Result {
    return this.guard(name, () => work(this.#opened(name)));
  }

  #opened(name: string): PeriodFileReader {
    let file = this.#open.get(name);
    if (!file) {
      file = new PeriodFileReader(join(this.#folder, name));
      this.#open.set(name, file);
      this.#closeLeastNew(name);
    }
    return file;
  }

  #closeLeastNew(kept: string): void {
    if (this.#open.size <= MAX_OPEN) return;
    const name = [...this.#open.keys()].find(
      (candidate) => candidate !== kept && candidate !== this.#newest(),
    );
    if (name === undefined) return;
    this.#open.get(name)?.close();
    this.#open.delete(name);
  }

  #failed(file: string, error: unknown): LogFailed {
    const reason =
      typeof error === 'string' || error instanceof DamagedBlock ? String(error) : reasonOf(error);
    return new LogFailed(`the log file ${join(this.#folder, file)} cannot be read: ${reason}`, {
      cause: error,
    });
  }
}
