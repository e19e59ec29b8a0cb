import { type Log, type LogReader, type Offsets, TOPICS } from '@chargeproof/log';
import type { LoggedRecord } from '@chargeproof/record';
import type { Place, SpoolStore } from './store.ts';

export const TOPIC = 'ocpp.frames';
const PARTITIONS = Array.from({ length: TOPICS[TOPIC] }, (_, partition) => partition);

type Segment = { readonly number: number; readonly writer?: Log; readonly reader: LogReader };
export type Read = {
  readonly batch: readonly LoggedRecord[];
  /** Behind the batch. */
  readonly next: Place;
};
export type Bounds = { readonly maxRecords: number; readonly maxBytes: number };

/** The segments of a spool, oldest first. Those found at start are only read; offsets in each are in a row from 0. */
export class Segments {
  readonly #store: SpoolStore;
  /** What one has grown to when another follows it. */
  readonly #segmentBytes: number;
  #segments: Segment[] = [];
  readonly #removing = new Set<Promise<void>>();

  constructor(store: SpoolStore, segmentBytes: number) {
    this.#store = store;
    this.#segmentBytes = segmentBytes;
  }

  /** Finds what was left; what is drained goes. @returns how many records there are */
  async open(from: number): Promise<number> {
    let records = 0;
    for (const number of this.#store.segments()) {
      if (number < from) {
        this.#store.remove(number);
        continue;
      }
      const reader = await this.#store.open(number);
      this.#segments.push({ number, reader });
      records += lengthOf(await reader.end(TOPIC));
    }
    return records;
  }

  get first(): number | undefined {
    return this.#segments[0]?.number;
  }
  get last(): number | undefined {
    return this.#segments.at(-1)?.number;
  }

  /** Records from a place on, all of one segment; none at the end. */
  async read(place: Place, bounds: Bounds): Promise<Read> {
    for (const { number, reader } of this.#segments.filter((each) => each.number >= place.segment)) {
      const offset = number === place.segment ? place.offset : 0;
      const from = new Map(PARTITIONS.map((partition) => [partition, offset]));
      const batch = await reader.read({ topic: TOPIC, from, ...bounds });
      const last = batch.at(-1);
      if (last !== undefined) return { batch, next: { segment: number, offset: last.position.offset + 1 } };
    }
    return { batch: [], next: place };
  }

  /** The log that is appended to now. @param first the number of the first segment */
  async toWrite(first: number): Promise<Log> {
    const last = this.#segments.at(-1);
    if (last?.writer !== undefined && this.#store.bytes(last.number) < this.#segmentBytes) return last.writer;
    const number = last === undefined ? first : last.number + 1;
    const writer = await this.#store.create(number);
    this.#segments.push({ number, writer, reader: await this.#store.open(number) });
    return writer;
  }

  /** Resolves when they are gone, or cannot go. */
  async removeBefore(number: number): Promise<void> {
    const drained = this.#segments.filter((each) => each.number < number);
    this.#segments = this.#segments.filter((each) => each.number >= number);
    const removals = drained.map((each) => {
      const removing = closeSegment(each)
        .then(() => {
          this.#store.remove(each.number);
        })
        // Removed at the next start: the note is beyond it.
        .catch(() => undefined)
        .finally(() => this.#removing.delete(removing));
      this.#removing.add(removing);
      return removing;
    });
    await Promise.all(removals);
  }

  async close(): Promise<void> {
    await Promise.all(this.#removing);
    await Promise.all(this.#segments.map(closeSegment));
  }
}

const lengthOf = (ends: Offsets) => Math.max(0, ...ends.values());

async function closeSegment({ reader, writer }: Segment): Promise<void> {
  await reader.close();
  await writer?.close();
}
