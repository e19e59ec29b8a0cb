import type { Projection } from '@chargeproof/projection';
import { currentTable, factsTable, versionSql } from '@chargeproof/projection';
import type { Parameters } from '@chargeproof/tables';
import type { Frontier } from './frontier.ts';
import { KNOWN_THEN, knownThen } from './frontier.ts';

/** Whose facts, and as they were known where. Without `station`: all of the tenant's. */
export type ReadAt = {
  readonly tenant: string;
  readonly station?: readonly string[] | undefined;
  readonly frontier: Frontier;
};

export type FactsSource = { readonly sql: string; readonly parameters: Parameters };

/**
 * What a projection said at a frontier, as a source for `FROM`: `(SELECT …)` with stream, key and value
 * columns, `fact_time` and `logged_at`, one row a key, nothing retracted. Parameters have the same names and
 * values in every source of one question, so that several can be joined: bind `{ ...a.parameters,
 * ...b.parameters }`. Narrow by values outside of it only: a condition within would find what was so before.
 *
 * A key whose newest fact was known at the frontier is read from the current table. Of one that has changed
 * since, or was retracted since, the history tells what held: its rows are only added, and those of a
 * position below a frontier were all there before the frontier was written. So the same positions give the
 * same rows for ever, and a question about now reads almost none of the history. Both parts see one snapshot
 * of the current table: the store asks ClickHouse for that. (The one exception are figures that said they
 * were incomplete: what is folded again after it was parked is said of the positions at which it was missing.)
 */
export function factsAt(projection: Projection, at: ReadAt): FactsSource {
  const history = factsTable(projection).name;
  const current = currentTable(projection);
  const key = current.orderBy.join(', ');
  const columns = [...current.orderBy, 'fact_time', 'logged_at', ...Object.keys(projection.values)].join(
    ', ',
  );
  const { sql: ofOwners, parameters } = projection.of === 'station' ? ofStations(at) : OF_RUNS;
  const changedSince = `SELECT ${key} FROM ${current.name} WHERE ${ofOwners} AND NOT ${VERSION_KNOWN_THEN}`;
  const newestThen = `SELECT ${key}, tupleElement(max((log_generation, log_offset)) AS newest, 1), tupleElement(newest, 2)
    FROM ${history} WHERE ${ofOwners} AND ${KNOWN_THEN} AND (${key}) IN (${changedSince}) GROUP BY ${key}`;
  const sql = `(SELECT ${columns} FROM ${current.name} FINAL WHERE ${ofOwners} AND ${VERSION_KNOWN_THEN}
  UNION ALL
  SELECT ${columns} FROM ${history} WHERE ${ofOwners} AND retracted = 0
  AND (${key}, log_generation, log_offset) IN (${newestThen}))`;
  return { sql, parameters: { ...parameters, ...knownThen(at.frontier) } };
}

/** {@link KNOWN_THEN} of a row of a current table: its version is the generation, then the offset. */
const VERSION_KNOWN_THEN = `version < ${versionSql('{knownGeneration:UInt16}', 'arrayElement({knownNext:Array(UInt64)}, log_partition + 1)')}`;

/** Rows of runs are of no tenant. */
const OF_RUNS: FactsSource = { sql: `tenant = ''`, parameters: {} };

function ofStations({ tenant, station }: ReadAt): FactsSource {
  const ofTenant = 'tenant = {tenant:String}';
  return station === undefined
    ? { sql: ofTenant, parameters: { tenant } }
    : { sql: `${ofTenant} AND station IN {station:Array(String)}`, parameters: { tenant, station } };
}
