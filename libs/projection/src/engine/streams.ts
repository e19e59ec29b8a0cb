import type { StreamKey, StreamState } from '../projection.ts';
import { runKey } from '../records/subjects.ts';

/** A stream in memory. */
export type Entry = {
  readonly stream: StreamKey;
  readonly partition: number;
  state: StreamState;
  /** Records of the stream below this offset are in the state already: a replay passes them over. */
  next: number;
  /** How many snapshots of it were written. */
  ordinal: number;
  /** Changed since its last snapshot. */
  changed: boolean;
  /** The last batch that had a record of it. */
  seen: number;
  /** The run of its last record; the run's ticks are handed to it. */
  source: string;
};

/** The streams held in memory, and which of them want the records of which run. */
export class Streams {
  readonly #of = { station: new Map<string, Entry>(), run: new Map<string, Entry>() };
  readonly #watchers = new Map<string, Set<Entry>>();
  /** Runs all of whose watchers are here, not only those that were read for another reason. */
  readonly #complete = new Set<string>();

  get(kind: StreamKey['kind'], key: string): Entry | undefined {
    return this.#of[kind].get(key);
  }

  get size(): number {
    return this.#of.station.size + this.#of.run.size;
  }

  add(entry: Entry, watches: readonly string[]): void {
    this.#of[entry.stream.kind].set(entry.stream.key, entry);
    for (const run of watches) this.watch(run, entry);
  }

  watch(run: string, entry: Entry): void {
    const key = runKey(run, entry.partition);
    const known = this.#watchers.get(key);
    if (known === undefined) this.#watchers.set(key, new Set([entry]));
    else known.add(entry);
  }

  unwatch(run: string, entry: Entry): void {
    const key = runKey(run, entry.partition);
    const known = this.#watchers.get(key);
    if (known?.delete(entry) === true && known.size === 0) this.#watchers.delete(key);
  }

  watchersOf(run: string, partition: number): Iterable<Entry> {
    return this.#watchers.get(runKey(run, partition)) ?? [];
  }

  isComplete(run: string, partition: number): boolean {
    return this.#complete.has(runKey(run, partition));
  }

  setComplete(run: string, partition: number): void {
    this.#complete.add(runKey(run, partition));
  }

  changed(): Entry[] {
    const changed: Entry[] = [];
    for (const kind of [this.#of.station, this.#of.run]) {
      for (const entry of kind.values()) if (entry.changed) changed.push(entry);
    }
    return changed;
  }

  /**
   * Lets go of streams until `most` are left: those longest not seen first, and only those whose state is
   * in the store and that have no open connection, because a run's ticks are handed to what is here.
   */
  evict(most: number, watches: (entry: Entry) => readonly string[]): number {
    const surplus = this.size - most;
    if (surplus <= 0) return 0;
    const idle = [...this.#of.station.values(), ...this.#of.run.values()]
      .filter((entry) => !entry.changed && !hasOpenConnection(entry))
      .sort((a, b) => a.seen - b.seen)
      .slice(0, surplus);
    for (const entry of idle) this.#drop(entry, watches(entry));
    return idle.length;
  }

  #drop(entry: Entry, watches: readonly string[]): void {
    this.#of[entry.stream.kind].delete(entry.stream.key);
    for (const run of watches) {
      this.unwatch(run, entry);
      // A run that was lost may be heard again out of a late spool: then its watchers are asked for.
      if (entry.state.ended.some((ended) => ended.lost && ended.run === run))
        this.#complete.delete(runKey(run, entry.partition));
    }
    this.unwatch(entry.source, entry);
  }
}

const hasOpenConnection = ({ stream, state }: Entry) =>
  stream.kind === 'station' && Object.keys(state.open).length > 0;
