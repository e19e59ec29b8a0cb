import { EventEmitter, once } from 'node:events';
import type { LoggedRecord, Micros, Position } from '@chargeproof/record';
import type { AppendRequest, Log, LogReader, Offsets, ReadRequest, Subscription, Topic } from './log.ts';
import { LogFailed, TOPICS } from './log.ts';
import { PartitionClock, wallClock } from './partition-clock.ts';
import { partitionFor, partitionsIn } from './requests.ts';
import type { BatchHandler, Followed } from './subscription.ts';
import { subscribeTo } from './subscription.ts';

export type MemoryLog = Log & {
  /** Another reader of this log, with a life of its own. */
  reader(): LogReader;
};

/** A log that lasts as long as its process: for specs. Takes copies of what it is given. */
export function createMemoryLog({
  clock = wallClock,
  generation = 0,
}: { readonly clock?: () => Micros; readonly generation?: number } = {}): MemoryLog {
  return new Owner(new Kept(clock, generation));
}

/** One topic, all partitions in the order of appending; an offset is a record's place in it. */
type KeptTopic = { readonly records: LoggedRecord[]; readonly stamps: PartitionClock };

class Kept {
  readonly clock: () => Micros;
  readonly generation: number;
  readonly committed = new Map<string, Map<number, number>>();
  readonly appended = new EventEmitter();
  version = 0;
  readonly #topics: ReadonlyMap<Topic, KeptTopic>;

  constructor(clock: () => Micros, generation: number) {
    this.clock = clock;
    this.generation = generation;
    this.appended.setMaxListeners(0);
    this.#topics = new Map(
      (Object.keys(TOPICS) as Topic[]).map((topic) => [topic, { records: [], stamps: new PartitionClock() }]),
    );
  }

  topic(topic: Topic): KeptTopic {
    const kept = this.#topics.get(topic);
    if (!kept) throw new RangeError(`there is no topic ${topic}`);
    return kept;
  }
}

class Reader implements LogReader, Followed {
  readonly generation: number;
  protected readonly kept: Kept;
  readonly #subscriptions = new Set<Subscription>();
  #closed = false;

  constructor(kept: Kept) {
    this.kept = kept;
    this.generation = kept.generation;
  }

  read({ topic, from, partitions, maxRecords, maxBytes }: ReadRequest): Promise<readonly LoggedRecord[]> {
    return this.whileOpen(() => {
      const batch: LoggedRecord[] = [];
      let bytes = 0;
      for (const record of this.kept.topic(topic).records) {
        const { partition, offset } = record.position;
        if (offset < (from.get(partition) ?? 0)) continue;
        if (partitions !== undefined && !partitions.includes(partition)) continue;
        batch.push(record);
        bytes += record.value.byteLength;
        if (batch.length >= maxRecords || bytes > maxBytes) break;
      }
      return batch;
    });
  }

  subscribe(request: ReadRequest, handler: BatchHandler): Subscription {
    const subscription = subscribeTo(this, request, handler);
    this.#subscriptions.add(subscription);
    return subscription;
  }

  version(): number {
    return this.kept.version;
  }

  async changed(seen: number, signal: AbortSignal): Promise<void> {
    if (this.kept.version !== seen || signal.aborted) return;
    await once(this.kept.appended, 'append', { signal }).catch(() => undefined);
  }

  commit(topic: Topic, group: string, offsets: Offsets): Promise<void> {
    return this.whileOpen(() => {
      const { committed } = this.kept;
      const name = `${topic} ${group}`;
      committed.set(name, new Map([...(committed.get(name) ?? []), ...offsets]));
    });
  }

  committed(topic: Topic, group: string): Promise<Offsets> {
    return this.whileOpen(() => new Map(this.kept.committed.get(`${topic} ${group}`)));
  }

  end(topic: Topic): Promise<Offsets> {
    return this.whileOpen(() => {
      const end = new Map(Array.from({ length: partitionsIn(topic) }, (_, partition) => [partition, 0]));
      for (const { position } of this.kept.topic(topic).records) {
        end.set(position.partition, position.offset + 1);
      }
      return end;
    });
  }

  recordsFrom(topic: Topic, from: Offsets): Promise<number> {
    return this.whileOpen(
      () =>
        this.kept
          .topic(topic)
          .records.filter(
            ({ position: { partition, offset } }) =>
              offset >= (from.get(partition) ?? Number.POSITIVE_INFINITY),
          ).length,
    );
  }

  async close(): Promise<void> {
    await Promise.all([...this.#subscriptions].map((subscription) => subscription.close()));
    this.#closed = true;
  }

  /** What it throws becomes a rejection, as with a log that is elsewhere. */
  protected whileOpen<Result>(work: () => Result): Promise<Result> {
    return new Promise((resolve) => {
      if (this.#closed) throw new LogFailed('the log is closed');
      resolve(work());
    });
  }
}

class Owner extends Reader implements MemoryLog {
  append(topic: Topic, requests: readonly AppendRequest[]): Promise<readonly Position[]> {
    return this.whileOpen(() => {
      const { records, stamps } = this.kept.topic(topic);
      const partitions = requests.map((request) => partitionFor(topic, request));
      const now = this.kept.clock();
      const positions = requests.map(({ key, attributes, value }, index) => {
        const partition = partitions[index] ?? 0;
        const position = { generation: this.generation, partition, offset: records.length };
        const loggedAt = stamps.stamp(partition, now, attributes.loggedat);
        records.push({ key, attributes, value: value.slice(), position, loggedAt });
        return position;
      });
      this.kept.version += 1;
      this.kept.appended.emit('append');
      return positions;
    });
  }

  reader(): LogReader {
    return new Reader(this.kept);
  }
}
