import type { Projection } from '@chargeproof/projection';
import { currentTable, factsTable } from '@chargeproof/projection';
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
 * What a projection said at a frontier, as a source for `FROM`: `(SELECT …)` with the columns of the
 * history, one row a key, nothing retracted. Parameters have the same names and
 * values in every source of one question, so that several can be joined: bind `{ ...a.parameters,
 * ...b.parameters }`. Narrow by values outside of it only: a condition within would find what was so before.
 *
 * Why the same positions give the same bytes for ever: it reads the history alone, where rows are only
 * added, and those of a position below a frontier were all there before the frontier was written. The
 * current table would be quicker, but is ahead of the frontier as soon as the next batch is written, and
 * then has no more what held at it. A history has one row for each key and position, so the newest is one.
 * (The one exception are figures that said they were incomplete: what is folded again after it was parked
 * is said of the positions at which it was missing.)
 *
 * Cost: the newest positions are found in the columns of the key alone, in the order of the table, and the
 * rows read after them: of one station a few milliseconds, of 200,000 keys with 10 facts each 0.5 s.
 */
export function factsAt(projection: Projection, at: ReadAt): FactsSource {
  const { name } = factsTable(projection);
  const key = currentTable(projection).orderBy.join(', ');
  const owners = projection.of === 'station' ? ofStations(at) : OF_RUNS;
  const sql = `(SELECT * FROM ${name} WHERE ${owners.sql} AND retracted = 0
  AND (${key}, log_generation, log_offset) IN (
    SELECT ${key}, tupleElement(max((log_generation, log_offset)) AS newest, 1), tupleElement(newest, 2)
    FROM ${name} WHERE ${owners.sql} AND ${KNOWN_THEN} GROUP BY ${key}))`;
  return { sql, parameters: { ...owners.parameters, ...knownThen(at.frontier) } };
}

/** Rows of runs are of no tenant. */
const OF_RUNS: FactsSource = { sql: `tenant = ''`, parameters: {} };

function ofStations({ tenant, station }: ReadAt): FactsSource {
  const ofTenant = 'tenant = {tenant:String}';
  return station === undefined
    ? { sql: ofTenant, parameters: { tenant } }
    : { sql: `${ofTenant} AND station IN {station:Array(String)}`, parameters: { tenant, station } };
}
