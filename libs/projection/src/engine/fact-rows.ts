import type { ColumnType, Columns, Row, Scalar, TableDefinition } from '@chargeproof/tables';
import { complaintAbout } from '@chargeproof/tables';
import type { Fact, Projection, StampedFact } from '../projection.ts';
import type { Subjects } from '../records/subjects.ts';
import { currentTable, factsTable, nameOf, versionOf } from './tables.ts';

type Building = Record<string, Scalar>;

/** How the facts of one projection become rows. */
export type FactTables = {
  readonly projection: string;
  readonly history: TableDefinition;
  readonly current: TableDefinition;
  readonly historyRow: (fact: StampedFact) => Row;
  readonly currentRow: (fact: StampedFact) => Row;
  /** What a table could not hold of this fact, in words; nothing where it can. */
  readonly complaint: (fact: Fact) => string | undefined;
  /** The same text for the same key of the same stream. */
  readonly keyOf: (row: Row) => string;
};

export function factTables(projection: Projection, subjects: Subjects): FactTables {
  const history = factsTable(projection);
  const current = currentTable(projection);
  const keyNames = Object.keys(projection.key);
  const valueNames = Object.keys(projection.values);
  const nothing = nothingOf(projection.values);

  function common({ stream, fact, loggedAt }: StampedFact): Building {
    const row: Building = {};
    const { tenant, station } = subjects.ofStream(stream);
    row.tenant = tenant;
    if (projection.of === 'station') row.station = station;
    else {
      const dot = stream.key.lastIndexOf('.');
      row.run = stream.key.slice(0, dot);
      row.partition = Number(stream.key.slice(dot + 1));
    }
    for (const name of keyNames) row[name] = fact.key[name] as Scalar;
    const values = fact.values ?? nothing;
    for (const name of valueNames) row[name] = values[name] as Scalar;
    row.logged_at = loggedAt;
    row.fact_time = fact.time;
    row.retracted = fact.values === null ? 1 : 0;
    return row;
  }

  return {
    projection: nameOf(projection),
    history,
    current,
    historyRow(stamped) {
      const row = common(stamped);
      row.log_generation = stamped.position.generation;
      row.log_partition = stamped.position.partition;
      row.log_offset = stamped.position.offset;
      row.successor = stamped.fact.successor === undefined ? '' : JSON.stringify(stamped.fact.successor);
      return row;
    },
    currentRow(stamped) {
      const row = common(stamped);
      row.version = versionOf(stamped.position);
      return row;
    },
    complaint: complaintReader(projection),
    keyOf: keyReader(current.orderBy),
  };
}

/** A store refuses a whole batch for one bad value: so each fact is asked before it is in one. */
function complaintReader({ key, values }: Projection): FactTables['complaint'] {
  const keyTypes = Object.entries(key);
  const valueTypes = Object.entries(values);
  return (fact) => {
    if (!Number.isSafeInteger(fact.time)) return 'its time is no whole number';
    const complaint = complaintIn(keyTypes, fact.key);
    return complaint ?? (fact.values === null ? undefined : complaintIn(valueTypes, fact.values));
  };
}

function complaintIn(types: readonly (readonly [string, ColumnType])[], row: Row): string | undefined {
  for (const [name, type] of types) {
    const complaint = complaintAbout(type, row[name]);
    if (complaint !== undefined) return `${name} ${complaint}`;
  }
  return undefined;
}

const keyReader = (names: readonly string[]) => (row: Row) => {
  let text = '';
  for (const name of names) text += `${String(row[name])}\u0000`;
  return text;
};

/** What stands in the value columns of a retraction. */
function nothingOf(values: Columns): Row {
  return Object.fromEntries(Object.entries(values).map(([name, type]) => [name, nothing(type)]));
}

function nothing(type: ColumnType): Scalar {
  if (type.startsWith('Nullable')) return null;
  if (type === 'Bool') return false;
  return type.endsWith('String') || type === 'LowCardinality(String)' ? '' : 0;
}
