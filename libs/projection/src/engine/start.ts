import type { Offsets } from '@chargeproof/log';
import { TOPICS } from '@chargeproof/log';
import { READING_VERSION } from '@chargeproof/ocpp';
import type { LoggedRecord } from '@chargeproof/record';
import { createFolder } from '../fold/folder.ts';
import { type Folder, type Projection, projectionId, type StampedFact } from '../projection.ts';
import { Subjects } from '../records/subjects.ts';
import { RECORDS } from '../records/table.ts';
import { catchingUp, catchUpLine } from './catching-up.ts';
import { Checkpoints } from './checkpoints.ts';
import type { FactTables } from './fact-rows.ts';
import { factTables } from './fact-rows.ts';
import type { Gate, GateRequest } from './gates.ts';
import { openGate } from './gates.ts';
import type { EngineOptions, EngineParts } from './options.ts';
import { ENGINE_DEFAULTS } from './options.ts';
import { Parkings } from './parkings.ts';
import { requireSameLog } from './same-log.ts';
import { Snapshots } from './snapshots.ts';
import { CHECKPOINTS, PARKED, STATES } from './tables.ts';

/** All that an engine stands on once the store has said how far it is. */
export type Ground = {
  readonly options: EngineOptions;
  readonly generation: number;
  readonly subjects: Subjects;
  readonly folder: Folder;
  readonly checkpoints: Checkpoints;
  readonly snapshots: Snapshots;
  readonly parkings: Parkings;
  readonly tables: TablesOfFacts;
  readonly gates: Gates;
  readonly replayEnd: ReplayEnd;
  /** Whose records are folded here. */
  readonly partitions: readonly number[];
  /** Where to read the log from: below it everything is in the states. */
  readonly from: Offsets;
  /** partition → first offset whose rows are not all in the store. */
  readonly committed: Offsets;
};

/** The set of projections and their reading: states are good for the same set only. */
function consumerOf(projections: readonly Projection[]): string {
  return [...projections.map(projectionId).sort(), `reading@${READING_VERSION}`].join(' ');
}

export async function prepareGround({
  log,
  store,
  projections,
  partitions: own,
  options: given,
  onNotice,
}: EngineParts): Promise<Ground> {
  const options = { ...ENGINE_DEFAULTS, ...given };
  const partitions = own ?? Array.from({ length: TOPICS[options.topic] }, (_, partition) => partition);
  const { generation } = log;
  const subjects = new Subjects();
  const folder = createFolder(projections);
  const tables = new TablesOfFacts(projections, subjects);
  await store.ensureTables(everyTable(tables));
  const consumer = consumerOf(projections);
  const checkpoints = new Checkpoints(store, { topic: options.topic, consumer, generation });
  const gates = await openGates({ store, generation, partitions }, tables, checkpoints);
  const committed = lowest(gates.written, partitions);
  await requireSameLog({ log, store, topic: options.topic, table: RECORDS }, gates.copied);
  const late = await catchingUp(log, options.topic, gates.copied, gates.reached);
  if (late !== undefined) onNotice?.(catchUpLine(late));
  const from = await checkpoints.read('states');
  for (const [partition, next] of from) gates.passed(partition, next);
  const parkings = new Parkings(subjects);
  await parkings.load(store, projections.map(projectionId), partitions);
  return {
    options,
    generation,
    subjects,
    folder,
    checkpoints,
    snapshots: new Snapshots({ store, folder, subjects, consumer, generation }),
    parkings,
    tables,
    gates,
    replayEnd: new ReplayEnd(gates.until()),
    partitions,
    from,
    committed,
  };
}

const everyTable = ({ all }: TablesOfFacts) => [
  ...[RECORDS, CHECKPOINTS, STATES, PARKED],
  ...all.flatMap(({ history, current }) => [history, current]),
];

/** The tables of each projection, found by a fact. */
export class TablesOfFacts {
  readonly all: readonly FactTables[];
  readonly #byName: ReadonlyMap<string, readonly (FactTables & { readonly version: number })[]>;

  constructor(projections: readonly Projection[], subjects: Subjects) {
    const all = projections.map((projection) => ({
      ...factTables(projection, subjects),
      name: projection.name,
      version: projection.version,
    }));
    this.all = all;
    this.#byName = Map.groupBy(all, ({ name }) => name);
  }

  of({ projection, version }: StampedFact): FactTables {
    const versions = this.#byName.get(projection);
    const found =
      versions?.length === 1 ? versions[0] : versions?.find((tables) => tables.version === version);
    if (found === undefined) throw new Error(`a fact of ${projection}@${version}, which is not folded here`);
    return found;
  }
}

type FactsReached = { readonly projection: string; readonly reached: Offsets };

/** The gate of `records` and that of each history. */
export class Gates {
  readonly records: Gate;
  /** How far records are in their table. */
  readonly copied: Offsets;
  readonly reached: readonly FactsReached[];
  readonly #of: ReadonlyMap<FactTables, Gate>;

  constructor(
    records: Gate,
    copied: Offsets,
    of: ReadonlyMap<FactTables, Gate>,
    reached: readonly FactsReached[],
  ) {
    this.records = records;
    this.copied = copied;
    this.#of = of;
    this.reached = reached;
  }

  get written(): readonly Offsets[] {
    return [this.copied, ...this.reached.map(({ reached }) => reached)];
  }

  of(tables: FactTables): Gate {
    return this.#of.get(tables) ?? this.records;
  }

  passed(partition: number, next: number): void {
    this.records.passed(partition, next);
    for (const gate of this.#of.values()) gate.passed(partition, next);
  }

  /** partition → the first offset from which on no table can hold anything. */
  until(): Offsets {
    const until = new Map<number, number>();
    for (const gate of [this.records, ...this.#of.values()]) {
      for (const [partition, offset] of gate.until)
        until.set(partition, Math.max(offset, until.get(partition) ?? 0));
    }
    return until;
  }
}

async function openGates(
  ask: Pick<GateRequest, 'store' | 'generation' | 'partitions'>,
  { all: tablesOfAll }: TablesOfFacts,
  checkpoints: Checkpoints,
): Promise<Gates> {
  // Of the others' partitions nothing is asked, and nothing waited for.
  const own = (offsets: Offsets) =>
    new Map([...offsets].filter(([partition]) => ask.partitions.includes(partition)));
  const copied = own(await checkpoints.readRecords());
  const records = await openGate({ ...ask, table: RECORDS, written: copied, tellBy: {} });
  const gates = new Map<FactTables, Gate>();
  const all: FactsReached[] = [];
  for (const tables of tablesOfAll) {
    const reached = own(await checkpoints.readProjection(tables.projection));
    const { current, history } = tables;
    const tellBy = Object.fromEntries(
      current.orderBy.map((name) => [name, history.columns[name] ?? 'String']),
    );
    gates.set(tables, await openGate({ ...ask, table: history, written: reached, tellBy }));
    all.push({ projection: tables.projection, reached });
  }
  return new Gates(records, copied, gates, all);
}

/**
 * Ends a batch where a batch may have ended that a crash left half written: then what is said at its
 * positions is said of the same records again, and the newest fact of a key is the right one.
 */
export class ReplayEnd {
  readonly #until: Map<number, number>;

  constructor(until: Offsets) {
    this.#until = new Map(until);
  }

  split(batch: readonly LoggedRecord[]): readonly (readonly LoggedRecord[])[] {
    if (this.#until.size === 0) return [batch];
    const isBefore = ({ position }: LoggedRecord) =>
      position.offset < (this.#until.get(position.partition) ?? 0);
    const before = batch.filter(isBefore);
    const after = batch.filter((record) => !isBefore(record));
    for (const { position } of after) this.#until.delete(position.partition);
    return [before, after].filter((part) => part.length > 0);
  }
}

function lowest(all: readonly Offsets[], partitions: readonly number[]): Offsets {
  const low = new Map<number, number>();
  for (const partition of partitions) {
    low.set(partition, Math.min(...all.map((offsets) => offsets.get(partition) ?? 0)));
  }
  return low;
}
