import type { ColumnType, Columns, TableDefinition } from '@chargeproof/tables';
import type { Projection, StreamKind } from '../projection.ts';

/** What stands before the key: whose stream it is. A run's rows have the empty tenant, for every order key begins with one. */
export const STREAM_COLUMNS = {
  station: { tenant: 'LowCardinality(String)', station: 'String' },
  run: { tenant: 'LowCardinality(String)', run: 'String', partition: 'UInt16' },
} as const satisfies Record<StreamKind, Columns>;

const TIME: ColumnType = "DateTime64(6, 'UTC')";
const OF_FACT = { fact_time: TIME, retracted: 'UInt8' } as const satisfies Columns;
const OF_LOG = {
  log_generation: 'UInt16',
  log_partition: 'UInt16',
  log_offset: 'UInt64',
  logged_at: TIME,
} as const satisfies Columns;

/**
 * The history of a projection: every fact and retraction with the position that caused it, for `asOf` and
 * restatements. `successor` is the JSON of the key that took a retracted one's place, or empty.
 */
export function factsTable(projection: Projection): TableDefinition {
  const { key, values } = checked(projection);
  const stream = STREAM_COLUMNS[projection.of];
  return {
    name: `${projection.name}_facts_v${projection.version}`,
    columns: { ...stream, ...key, ...OF_LOG, ...OF_FACT, successor: 'String', ...values },
    orderBy: [...Object.keys(stream), ...Object.keys(key), 'log_generation', 'log_offset'],
    engine: { kind: 'MergeTree' },
    monthOf: 'logged_at',
  };
}

/**
 * What holds now: the newest fact of each key, read with FINAL. Unpartitioned, because two versions of a
 * key in two partitions would both stay.
 */
export function currentTable(projection: Projection): TableDefinition {
  const { key, values } = checked(projection);
  const stream = STREAM_COLUMNS[projection.of];
  return {
    name: `${projection.name}_v${projection.version}`,
    columns: {
      ...stream,
      ...key,
      version: 'UInt64',
      log_partition: 'UInt16',
      logged_at: TIME,
      ...OF_FACT,
      ...values,
    },
    orderBy: [...Object.keys(stream), ...Object.keys(key)],
    engine: { kind: 'ReplacingMergeTree', version: 'version', deleted: 'retracted' },
  };
}

/** @throws TypeError for a column that has the name of one of the engine's own */
function checked({ name, of, key, values }: Projection): Pick<Projection, 'key' | 'values'> {
  const taken = new Set(
    Object.keys({ ...STREAM_COLUMNS[of], ...OF_LOG, ...OF_FACT, successor: 1, version: 1 }),
  );
  for (const column of [...Object.keys(key), ...Object.keys(values)]) {
    if (taken.has(column)) throw new TypeError(`${name}: two columns are named ${column}`);
    taken.add(column);
  }
  return { key, values };
}

/**
 * How far each set of projections has come, one row a partition and batch, all of them kept: `asOf` finds
 * the newest position logged by then. `log_offset` is the first that is not folded.
 */
export const CHECKPOINTS: TableDefinition = {
  name: 'checkpoints',
  columns: {
    topic: 'LowCardinality(String)',
    /** `facts`: all rows up to there are written. `states`: all folded states are, too. */
    kind: 'LowCardinality(String)',
    /** The set: `connections@1 exchanges@1 …` and its reading. */
    consumer: 'LowCardinality(String)',
    ...OF_LOG,
  },
  orderBy: ['topic', 'kind', 'consumer', 'log_generation', 'log_partition', 'log_offset'],
  engine: { kind: 'MergeTree' },
  monthOf: 'logged_at',
};

/**
 * Folded states: snapshots of each stream, thinned with age. A stream's n-th snapshot takes the slot
 * `trailing zeros of n`, so it holds about one for each doubling of age and never replaces its newest.
 */
export const STATES: TableDefinition = {
  name: 'states',
  columns: {
    tenant: 'LowCardinality(String)',
    kind: 'LowCardinality(String)',
    stream: 'String',
    consumer: 'LowCardinality(String)',
    slot: 'UInt8',
    ordinal: 'UInt32',
    version: 'UInt64',
    ...OF_LOG,
    /** Effective time of the last place folded. */
    folded_time: TIME,
    /** Runs that hold its open connections, as JSON; empty where there are none. */
    watches: 'String',
    state: 'String',
  },
  orderBy: ['tenant', 'kind', 'stream', 'consumer', 'slot'],
  engine: { kind: 'ReplacingMergeTree', version: 'version' },
};

/** Projections that threw for a stream, and since when. A cleared parking is a newer row with `cleared` 1. */
export const PARKED: TableDefinition = {
  name: 'parked',
  columns: {
    tenant: 'LowCardinality(String)',
    kind: 'LowCardinality(String)',
    stream: 'String',
    /** `<name>@<version>`. */
    projection_name: 'LowCardinality(String)',
    changed: 'UInt64',
    cleared: 'UInt8',
    ...OF_LOG,
    record_id: 'String',
    error: 'String',
  },
  orderBy: ['tenant', 'kind', 'stream', 'projection_name'],
  engine: { kind: 'ReplacingMergeTree', version: 'changed', deleted: 'cleared' },
};

const OFFSETS_PER_GENERATION = 2 ** 44;

/** Rises with the position of a stream's records; the version column of what is current. */
export function versionOf(position: { readonly generation: number; readonly offset: number }): number {
  return position.generation * OFFSETS_PER_GENERATION + position.offset;
}

/** The same in SQL, of a row that has its position, or of what stands for generation and offset. */
export const versionSql = (generation = 'log_generation', offset = 'log_offset'): string =>
  `(${generation} * ${OFFSETS_PER_GENERATION} + ${offset})`;
