import { type AppendRequest, LogFailed, type Numbering, type Offsets, partitionFor } from '@chargeproof/log';
import type { Position } from '@chargeproof/record';
import { Progress } from './progress.ts';
import { type Call, countOf, full, isOfRoom, isUnknown, isWanted, mayWait, type Unknown } from './queued.ts';
import { type Bounds, type Read, Segments, TOPIC } from './segments.ts';
import type { Note, Place, SpoolStore } from './store.ts';
import { passed } from './waiting.ts';

export type SpoolLimits = {
  /** Of the whole spool on disk; only the reserve's records go beyond. */
  readonly maxBytes: number;
  readonly segmentBytes: number;
  /** Records that say why others are missing: the last to be refused. */
  readonly isOfTheReserve: (record: AppendRequest) => boolean;
};

/** Behind what the log has acknowledged. */
export type LastHeard = { readonly ends: Offsets | undefined; readonly numbering: Numbering | undefined };

export type Fill = 'room' | 'near' | 'full';

/** The generation of a position in the spool: one of no log. */
const SPOOLED = -1;
const GROUP_BYTES = 8 * 1024 * 1024;
/** Beyond the limit, for the records of the reserve. */
const RESERVE_BYTES = 16 * 1024 * 1024;
const RECORD_OVERHEAD_BYTES = 512;
/** Kafka takes no more than 64 MiB with headers and all: a larger record would keep every later one here. */
const MOST_RECORD_BYTES = 48 * 1024 * 1024;
const NEAR = 0.8;
const RETRY_MILLISECONDS = 1000;

/** Records in order on this machine's disk until they are in the log. */
export class Spool {
  readonly #store: SpoolStore;
  readonly #limits: SpoolLimits;
  readonly #segments: Segments;
  readonly #progress: Progress;
  #records = 0;
  #queue: Call[] = [];
  #running: Promise<void> | undefined;
  /** What is unknown finds no room. */
  #isStuck = false;
  #isClosed = false;
  /** On disk, with what is being written. */
  #bytes = 0;

  private constructor(store: SpoolStore, limits: SpoolLimits) {
    this.#store = store;
    this.#limits = limits;
    this.#segments = new Segments(store, limits.segmentBytes);
    this.#progress = new Progress(store);
  }

  /** With what is left of earlier runs. */
  static async open(store: SpoolStore, limits: SpoolLimits): Promise<Spool> {
    const spool = new Spool(store, limits);
    const records = await spool.#segments.open(spool.#progress.place.segment);
    if (spool.#segments.first !== undefined) spool.#progress.startAt(spool.#segments.first);
    spool.#records = records === 0 ? 0 : records - spool.#progress.place.offset;
    store.keepReserve();
    spool.#weigh();
    return spool;
  }

  get note(): Note {
    return this.#progress.note;
  }
  /** How many are not known to be in the log. */
  get records(): number {
    return this.#records;
  }
  get bytes(): number {
    return this.#bytes;
  }
  get isEmpty(): boolean {
    return this.#records === 0 && this.#queue.length === 0 && this.#running === undefined;
  }
  get fill(): Fill {
    if (this.#isStuck || this.#bytes >= this.#limits.maxBytes) return 'full';
    return this.#bytes >= this.#limits.maxBytes * NEAR ? 'near' : 'room';
  }

  /**
   * What is spooled from here on begins with calls that the log may have taken behind what was last heard of it. Resolves when none
   * of them waits for room any more: with how many of their records are spooled.
   */
  async begin({ ends, numbering }: LastHeard, unknown: readonly Unknown[]): Promise<number> {
    this.#progress.begin(ends && new Map(ends), numbering, countOf(unknown));
    const spooled = await Promise.all(unknown.map((each) => this.#spoolUnknown(each)));
    return spooled.reduce((sum, records) => sum + records, 0);
  }

  /** Resolves when they are durable, with positions in no log. @throws LogFull, LogFailed */
  append(records: readonly AppendRequest[]): Promise<readonly Position[]> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) throw new LogFailed('the spool is closed');
      const call = { records, ...this.#measured(records), resolve, reject };
      if (this.#isStuck && !call.isOfTheReserve) throw full('there is no room for it');
      this.#push(call);
    });
  }

  /** Settles when everything given so far is durable or refused. */
  async flushed(): Promise<void> {
    await this.#running;
  }

  /** Records from a place on, none at the end. */
  read(place: Place, bounds: Bounds): Promise<Read> {
    return this.#segments.read(place, bounds);
  }

  /** What is sent from here on bears these numbers. */
  renumber(numbering: Numbering | undefined): void {
    this.#progress.renumber(numbering);
  }

  /** Notes where the log ends before anything is sent there. */
  drainFrom(ends: Offsets): void {
    this.#progress.drained(this.#progress.place, [], ends);
  }

  /** These are in the log: noted durably, and what is drained is removed. */
  drained({ batch, next }: Read, ends: Offsets): void {
    this.#progress.drained(
      next,
      batch.map(({ position }) => position.partition),
      ends,
    );
    this.#records -= batch.length;
    this.#remove(next.segment);
  }

  /** Everything is in the log. */
  clear(): void {
    const next = (this.#segments.last ?? this.#progress.place.segment) + 1;
    this.#progress.clear(next);
    this.#remove(next);
    this.#store.keepReserve();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.flushed();
    await this.#segments.close();
  }

  #spoolUnknown(unknown: Unknown): Promise<number> {
    const { records, spooled } = unknown;
    return new Promise((settle) => {
      const resolve = (positions: readonly Position[]) => {
        spooled(positions);
        settle(records.length);
      };
      const reject = () => {
        this.#progress.unspooled(records.map((record) => partitionFor(TOPIC, record)));
        settle(0);
      };
      this.#push({ records, ...this.#measured(records), unknown, resolve, reject });
    });
  }

  #push(call: Call): void {
    this.#queue.push(call);
    this.#running ??= this.#run();
  }

  /** A full spool has room again when its segments are gone, though nothing more is spooled. */
  #remove(before: number): void {
    void this.#segments.removeBefore(before).then(() => {
      this.#weigh();
    });
  }

  #weigh(): void {
    this.#bytes = this.#store.bytes();
  }

  #measured(records: readonly AppendRequest[]) {
    return {
      bytes: records.reduce((sum, { value }) => sum + value.byteLength + RECORD_OVERHEAD_BYTES, 0),
      isOfTheReserve: records.every(this.#limits.isOfTheReserve),
    };
  }

  async #run(): Promise<void> {
    // What else is appended in this turn of the event loop goes along.
    await Promise.resolve();
    while (this.#queue.length > 0) {
      let group = this.#nextGroup().filter(isWanted);
      try {
        group = group.filter((call) => this.#admits(call));
        await this.#write(group);
        this.#isStuck = false;
      } catch (error) {
        await this.#refuse(group, error);
      }
    }
    this.#running = undefined;
  }

  /** All of one kind: what is unknown is not refused together with what is not. */
  #nextGroup(): readonly Call[] {
    let bytes = 0;
    const [first] = this.#queue;
    const kind = first !== undefined && isUnknown(first);
    const end = this.#queue.findIndex((call) => {
      bytes += call.bytes;
      return bytes > GROUP_BYTES || isUnknown(call) !== kind;
    });
    return this.#queue.splice(0, end < 0 ? this.#queue.length : Math.max(1, end));
  }

  /** Refuses what there is no room for by our own limits. */
  #admits(call: Call): boolean {
    const { unknown, records, bytes, isOfTheReserve, reject } = call;
    const reserve = isOfTheReserve || unknown !== undefined ? RESERVE_BYTES : 0;
    const isTooLarge = records.some(({ value }) => value.byteLength > MOST_RECORD_BYTES);
    if (!isTooLarge && this.#bytes + bytes <= this.#limits.maxBytes + reserve) {
      this.#bytes += bytes;
      return true;
    }
    const refusal = full(isTooLarge ? 'a record is larger than the log takes' : 'its limit is reached');
    if (unknown !== undefined) throw refusal;
    reject(refusal);
    return false;
  }

  async #write(calls: readonly Call[]): Promise<void> {
    if (calls.length === 0) return;
    this.#progress.writeFirst();
    const segment = await this.#segments.toWrite(this.#progress.place.segment);
    const records = calls.flatMap((call) => call.records);
    const positions = await segment.append(TOPIC, records);
    this.#records += records.length;
    this.#weigh();
    let start = 0;
    for (const call of calls) {
      const own = positions.slice(start, (start += call.records.length));
      call.resolve(own.map((position) => ({ ...position, generation: SPOOLED })));
    }
  }

  /** The disk is full, or cannot be written. What the reserve is for is tried again with the room kept for it. */
  async #refuse(group: readonly Call[], error: unknown): Promise<void> {
    this.#weigh();
    const isForRoom = isOfRoom(error);
    const told = isForRoom ? full('there is no room on its disk') : error;
    const isFreed = isForRoom && group.some(mayWait) && this.#store.freeReserve();
    const again = isFreed ? group.filter(mayWait) : [];
    const waiting = isForRoom && !isFreed && !this.#isClosed ? group.filter(isUnknown) : [];
    for (const call of group) if (![...again, ...waiting].includes(call)) call.reject(told);
    this.#queue.unshift(...again);
    if (waiting.length > 0) await this.#wait(waiting, told);
  }

  /** Until there is room, or the log has them. What came after them must not go before them. */
  async #wait(unknown: readonly Call[], told: unknown): Promise<void> {
    this.#isStuck = true;
    for (const call of this.#queue.filter((each) => !mayWait(each))) call.reject(told);
    this.#queue = [...unknown, ...this.#queue.filter(mayWait)];
    await passed(RETRY_MILLISECONDS);
  }
}
