import type { Columns, ColumnType, Row, Scalar, TableDefinition } from '@chargeproof/tables';
import { complaintReader } from '@chargeproof/tables';
import { type Fact, type Projection, projectionId, type StampedFact, type StreamKey } from '../projection.ts';
import type { Subjects } from '../records/subjects.ts';
import { currentTable, factsTable, STREAM_COLUMNS, versionOf } from './tables.ts';

/** A fact as text for its two tables, and the text of its key: within a stream the same for the same key. */
export type FactLines = { readonly key: string; readonly history: string; readonly current: string };

/** How the facts of one projection become rows. */
export type FactTables = {
  readonly projection: string;
  readonly history: TableDefinition;
  readonly current: TableDefinition;
  /** Columns that are the same on every fact of a stream, and those of the fact's key. */
  readonly linesOf: (fact: StampedFact) => FactLines;
  /** What a table could not hold of this fact, in words; nothing where it can. */
  readonly complaint: (fact: Fact) => string | undefined;
  /** What the gate of the history tells facts of one position apart by: as the table's own key reads there. */
  readonly keyOf: (fact: StampedFact) => string;
};

export function factTables(projection: Projection, subjects: Subjects): FactTables {
  const keyNames = Object.keys(projection.key);
  const valueNames = Object.keys(projection.values);
  const nothing = cellsText(nothingOf(projection.values), valueNames);
  const heads = new WeakMap<StreamKey, string>();
  const streamCells = (stream: StreamKey) => {
    const row = streamRow(stream, subjects);
    return Object.keys(STREAM_COLUMNS[projection.of]).map((name) => row[name] as Scalar);
  };
  const headOf = (stream: StreamKey) => {
    let head = heads.get(stream);
    if (head === undefined) heads.set(stream, (head = JSON.stringify(streamCells(stream)).slice(1, -1)));
    return head;
  };

  return {
    projection: projectionId(projection),
    history: factsTable(projection),
    current: currentTable(projection),
    // In the order of the columns of `tables.ts`.
    linesOf({ stream, fact, position, loggedAt }) {
      const { generation, partition, offset } = position;
      const retracted = fact.values === null ? 1 : 0;
      const values = fact.values === null ? nothing : cellsText(fact.values, valueNames);
      const key = cellsText(fact.key, keyNames);
      const head = `[${headOf(stream)}${key}`;
      const successor = fact.successor === undefined ? '""' : JSON.stringify(JSON.stringify(fact.successor));
      return {
        key,
        history: `${head},${generation},${partition},${offset},${loggedAt},${fact.time},${retracted},${successor}${values}]`,
        current: `${head},${versionOf(position)},${partition},${loggedAt},${fact.time},${retracted}${values}]`,
      };
    },
    complaint: complaintAboutFact(projection),
    keyOf({ stream, fact }) {
      const cells = [...streamCells(stream), ...keyNames.map((name) => fact.key[name] as Scalar)];
      return cells.map((cell) => `${String(cell)}\u0000`).join('');
    },
  };
}

function streamRow(stream: StreamKey, subjects: Subjects): Row {
  const { tenant, station } = subjects.ofStream(stream);
  if (stream.kind === 'station') return { tenant, station };
  const dot = stream.key.lastIndexOf('.');
  return { tenant, run: stream.key.slice(0, dot), partition: Number(stream.key.slice(dot + 1)) };
}

/** `,cell,cell`: JSON of these members, to be put behind others. */
function cellsText(row: Row, names: readonly string[]): string {
  const cells: Scalar[] = [];
  for (const name of names) cells.push(row[name] as Scalar);
  return cells.length === 0 ? '' : `,${JSON.stringify(cells).slice(1, -1)}`;
}

/** A store refuses a whole batch for one bad value: so each fact is asked before it is in one. */
function complaintAboutFact({ key, values }: Projection): FactTables['complaint'] {
  const complaintInKey = complaintReader(key);
  const complaintInValues = complaintReader(values);
  return (fact) => {
    if (!Number.isSafeInteger(fact.time)) return 'its time is no whole number';
    return complaintInKey(fact.key) ?? (fact.values === null ? undefined : complaintInValues(fact.values));
  };
}

/** What stands in the value columns of a retraction. */
function nothingOf(values: Columns): Row {
  return Object.fromEntries(Object.entries(values).map(([name, type]) => [name, nothing(type)]));
}

function nothing(type: ColumnType): Scalar {
  if (type.startsWith('Nullable')) return null;
  if (type === 'Bool') return false;
  return type.endsWith('String') || type === 'LowCardinality(String)' ? '' : 0;
}
