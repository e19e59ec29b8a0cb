import type { LoggedRecord, RunStarted } from '@chargeproof/record';
import { payloadOf } from '@chargeproof/ocpp';
import type { Row } from '@chargeproof/tables';
import { isImport } from '../fold/imports.ts';
import { isRunRecord } from '../fold/items.ts';
import { comparePositions } from '../fold/place.ts';
import type { Folder, Parking, StampedFact, StreamKey, StreamState } from '../projection.ts';

/**
 * One batch: fold up to an offset of the log, write the facts; then perhaps take a snapshot, or die before
 * the position is written and start again from the last snapshot.
 */
export type Step = { readonly until: number; readonly then?: 'snapshot' | 'kill' };

/** What holds in the end: `projection stream key` → values; and what was parked. */
export type Outcome = {
  readonly current: ReadonlyMap<string, Row>;
  readonly parked: readonly Parking[];
  readonly facts: readonly StampedFact[];
  readonly refolds: number;
};

/** A state, and how many records had been handed to the stream then. */
type Snapshot = { readonly state: StreamState; readonly after: number };

type Stream = {
  readonly state: StreamState;
  /** States to fold again from, oldest first. */
  readonly snapshots: readonly Snapshot[];
  /** Every record handed to it. */
  readonly given: readonly LoggedRecord[];
};

/**
 * Plays the engine over a log held in memory, as plainly as it can be done: what the engine does with
 * batches, tables and snapshots in the store must come out as this does.
 */
export function drive(folder: Folder, log: readonly LoggedRecord[], steps: readonly Step[]): Outcome {
  const driver = new Driver(folder);
  let checkpoint = { at: 0, streams: new Map<string, Stream>() };
  let committed = 0;
  for (const { until, then } of [...steps, { until: log.length, then: undefined }]) {
    if (until <= committed) continue;
    const known = log.slice(0, until);
    driver.write(driver.fold(known, committed));
    if (then === 'kill') {
      driver.streams = new Map(checkpoint.streams);
      // What was committed is folded for its state alone; the batch that was cut off is folded as it was.
      driver.fold(log.slice(0, committed), checkpoint.at);
      driver.write(driver.fold(known, committed));
    }
    committed = until;
    if (then === 'snapshot') checkpoint = { at: committed, streams: driver.written() };
  }
  return driver.outcome();
}

class Driver {
  streams = new Map<string, Stream>();
  readonly #folder: Folder;
  readonly #current = new Map<string, StampedFact>();
  readonly #facts: StampedFact[] = [];
  #refolds = 0;

  constructor(folder: Folder) {
    this.#folder = folder;
  }

  /** @param log all that is logged by now; its records from `from` on are the batch */
  fold(log: readonly LoggedRecord[], from: number): readonly StampedFact[] {
    const batch = log.slice(from);
    const runRecords = log.filter(isRunRecord);
    const names = new Map<string, StreamKey>();
    for (const [name, { state }] of this.streams) names.set(name, state.stream);
    for (const record of batch) for (const stream of streamsOf(record)) names.set(nameOf(stream), stream);
    return [...names.values()].flatMap((stream) => this.#foldStream(stream, batch, runRecords));
  }

  #foldStream(
    stream: StreamKey,
    batch: readonly LoggedRecord[],
    runRecords: readonly LoggedRecord[],
  ): readonly StampedFact[] {
    const name = nameOf(stream);
    const initial = this.#folder.initial(stream);
    const before = this.streams.get(name) ?? {
      state: initial,
      snapshots: [{ state: initial, after: 0 }],
      given: [],
    };
    const own = batch.filter((record) => streamsOf(record).some((other) => nameOf(other) === name));
    const runs = new Set([
      ...this.#folder.watches(before.state),
      ...own.map(({ attributes }) => attributes.source),
    ]);
    const partition = (before.given[0] ?? own[0])?.position.partition;
    const given = new Set(before.given);
    const ofRuns = runRecords.filter(
      (record) => stream.kind === 'station' && concerns(record, partition, runs),
    );
    const handed = [...own, ...ofRuns].filter((record) => !given.has(record));
    if (handed.length === 0) return [];
    const isLate = this.#folder.isLate(before.state, handed);
    const serving = before.snapshots.filter(
      ({ state, after }) => !this.#folder.isLate(state, [...before.given.slice(after), ...handed]),
    );
    const { state: from, after } = serving.at(-1) ?? { state: initial, after: 0 };
    const known = before.given.filter((record, index) => index >= after || !isImport(record));
    const folding = isLate
      ? this.#folder.refold(from, known, handed)
      : this.#folder.forward(before.state, handed);
    if (isLate) this.#refolds++;
    const snapshots = isLate ? serving : before.snapshots;
    const all = [...before.given, ...handed];
    this.streams.set(name, {
      state: folding.state,
      snapshots: [...snapshots, { state: folding.state, after: all.length }],
      given: all,
    });
    return folding.facts;
  }

  write(facts: readonly StampedFact[]): void {
    const once = new Set<string>();
    for (const fact of facts) {
      const key = keyOf(fact);
      const placed = `${key} ${JSON.stringify(fact.position)}`;
      if (once.has(placed)) throw new Error(`two facts for one key at one position: ${placed}`);
      once.add(placed);
      const current = this.#current.get(key);
      if (!current || comparePositions(fact.position, current.position) >= 0) this.#current.set(key, fact);
    }
    this.#facts.push(...facts);
  }

  /** The streams as they come back from disk. */
  written(): Map<string, Stream> {
    const throughJson = (state: StreamState) => JSON.parse(JSON.stringify(state)) as StreamState;
    return new Map(
      [...this.streams].map(([name, { state, snapshots, given }]) => [
        name,
        {
          state: throughJson(state),
          snapshots: snapshots.map(({ state, after }) => ({ state: throughJson(state), after })),
          given,
        },
      ]),
    );
  }

  outcome(): Outcome {
    const current = new Map<string, Row>();
    for (const [key, { fact }] of [...this.#current].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (fact.values !== null) current.set(key, fact.values);
    }
    const parked = [...this.streams.values()].flatMap(({ state }) => Object.values(state.parked));
    return { current, parked, facts: this.#facts, refolds: this.#refolds };
  }
}

/** Of whom a record is: its station, or its run; and of a run's start also the run before, whose end it tells. */
function streamsOf(record: LoggedRecord): readonly StreamKey[] {
  if (!isRunRecord(record)) return [{ kind: 'station', key: record.key }];
  const { partition } = record.position;
  const runs = [record.attributes.source, previousRun(record)].filter((run) => run !== undefined);
  return runs.map((run) => ({ kind: 'run', key: `${run}.${partition}` }));
}

function concerns(record: LoggedRecord, partition: number | undefined, runs: ReadonlySet<string>): boolean {
  if (record.position.partition !== partition) return false;
  return runs.has(record.attributes.source) || runs.has(previousRun(record) ?? '');
}

function previousRun(record: LoggedRecord): string | undefined {
  if (record.attributes.type !== 'recorder.run-started.v1') return undefined;
  return (payloadOf(record) as RunStarted).previous?.run;
}

const nameOf = ({ kind, key }: StreamKey) => `${kind} ${key}`;
const keyOf = ({ projection, stream, fact }: StampedFact) =>
  `${projection} ${nameOf(stream)} ${JSON.stringify(fact.key)}`;
