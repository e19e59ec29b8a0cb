import { commandOf, followCommand, type Standing } from '@chargeproof/central-system';
import { DECISIONS, versionSql } from '@chargeproof/projection';
import type { CommandId, Micros } from '@chargeproof/record';
import type { Store } from '@chargeproof/tables';
import { DECISION_COLUMNS, type DecisionRow, saidBy } from '../decided/decision-row.ts';
import { type List, listOf, type ListSql, narrowed } from '../paging/index.ts';
import { DECIDED_THEN, decidedThen, type Frontier } from '../read-at/frontier.ts';

/** Which commands a question is about. Absent members do not narrow. */
export type CommandFilter = {
  readonly tenant: string;
  readonly id?: readonly CommandId[] | undefined;
  readonly station?: readonly string[] | undefined;
  readonly action?: readonly string[] | undefined;
  readonly actor?: readonly string[] | undefined;
  /** When it was asked for, by the log's clock; included. */
  readonly from?: Micros | undefined;
  /** Not included. */
  readonly to?: Micros | undefined;
};

/** A command, and how it stood at the frontier. */
export type CommandRow = {
  readonly tenant: string;
  readonly station: string;
  readonly standing: Standing;
  /** Its place in the list. */
  readonly place: string;
};

type RequestRow = DecisionRow & { readonly command: string; readonly place: string };

const REQUESTED = 'platform.command-requested.v1';
const COMMAND = "JSONExtractString(body, 'command')";

const PLACE = versionSql();

/** Member of the filter → its condition, tenant apart. */
const CONDITIONS: Readonly<Record<Exclude<keyof CommandFilter, 'tenant'>, string>> = {
  id: 'command IN {id:Array(String)}',
  station: 'station IN {station:Array(String)}',
  action: "JSONExtractString(body, 'action') IN {action:Array(String)}",
  actor: 'actor IN {actor:Array(String)}',
  from: 'logged_at >= fromUnixTimestamp64Micro({from:Int64})',
  to: 'logged_at < fromUnixTimestamp64Micro({to:Int64})',
};

const requests = listOf<CommandFilter, RequestRow>({
  order: { name: 'commands', newestFirst: true, by: [{ column: 'place', sql: PLACE, type: 'Int64' }] },
  columns: `${DECISION_COLUMNS}, command, toString(${PLACE}) AS place`,
  rows: requestsOf,
});

/** Commands as they stood at the frontier, the last one asked for first. */
export const commandList: List<CommandFilter, CommandRow> = {
  ...requests,
  async page(store, request) {
    const page = await requests.page(store, request);
    return { ...page, rows: await withStandings(store, request.filter.tenant, page.rows, request.frontier) };
  },
};

/** The first request of an id is the command, so that all of the tenant's are read before any is left out. */
function requestsOf({ tenant, ...rest }: CommandFilter, frontier: Frontier): Omit<ListSql, 'columns'> {
  const { where, parameters } = narrowed(CONDITIONS, rest);
  return {
    from: `(SELECT *, ${COMMAND} AS command FROM ${DECISIONS.name} FINAL
  WHERE tenant = {tenant:String} AND type = '${REQUESTED}' AND ${DECIDED_THEN}
  ORDER BY log_generation, log_offset LIMIT 1 BY command)`,
    where,
    parameters: { tenant, ...decidedThen(frontier), ...parameters },
  };
}

async function withStandings(
  store: Store,
  tenant: string,
  requests: readonly RequestRow[],
  frontier: Frontier,
): Promise<readonly CommandRow[]> {
  const told = requests.length === 0 ? [] : await toldOf(store, tenant, requests, frontier);
  const byCommand = Map.groupBy(told.map(saidBy), (said) => commandOf(said));
  return requests.flatMap((request) => {
    const said = saidBy(request);
    const later = byCommand.get(commandOf(said)) ?? [];
    const standing = [said, ...later].reduce<Standing | undefined>(followCommand, undefined);
    const { station, place } = request;
    return standing === undefined ? [] : [{ tenant, station, standing, place }];
  });
}

/** What was said of commands after they were asked for, in log order. */
function toldOf(
  store: Store,
  tenant: string,
  requests: readonly RequestRow[],
  frontier: Frontier,
): Promise<readonly DecisionRow[]> {
  const stations = [...new Set(requests.map(({ station }) => station))];
  const commands = requests.map(({ command }) => command);
  return store.select<DecisionRow>(
    `SELECT ${DECISION_COLUMNS} FROM ${DECISIONS.name} FINAL
WHERE tenant = {tenant:String} AND type IN ('platform.command-sent.v1', 'platform.command-ended.v1')
  AND station IN {stations:Array(String)} AND ${COMMAND} IN {commands:Array(String)} AND ${DECIDED_THEN}
ORDER BY log_generation, log_offset`,
    { tenant, stations, commands, ...decidedThen(frontier) },
  );
}
