import type { LogReader } from '@chargeproof/log';
import { type Check, type Operations, type Reason, showsToken } from '@chargeproof/operations';
import type { Connections } from '../connection/connections.ts';
import type { ClockWatch } from '../time-server/clock-watch.ts';
import type { AppendWatch } from './append-watch.ts';
import type { Counts } from './counts.ts';
import { gatewayMetrics } from './gateway-metrics.ts';
import type { SpoolView } from './spool-view.ts';

export type GatewayOperationsParts = {
  readonly counts: Counts;
  readonly appends: Pick<AppendWatch, 'fault'>;
  readonly log: Pick<LogReader, 'end'>;
  readonly connections: Pick<Connections, 'size'>;
  readonly spool?: SpoolView;
  /** Where there is a time server to ask. */
  readonly clockWatch?: Pick<ClockWatch, 'told'> | undefined;
  readonly isStopping: () => boolean;
  /** What others than this machine's own show; absent: they are told nothing. */
  readonly token?: string | undefined;
};

/** How the people who run a gateway look at it. Its port is where stations come in, so that most are told nothing. */
export function gatewayOperations(parts: GatewayOperationsParts): Operations {
  const { appends, log, connections, spool, isStopping, token } = parts;
  const checks: Check[] = [
    { name: 'process', fault: () => (isStopping() ? draining(connections) : undefined) },
    { name: 'log-append', fault: () => appends.fault() },
    { name: 'log-read', fault: () => (isAway(spool) ? undefined : readable(log)) },
  ];
  return {
    metrics: gatewayMetrics(parts),
    notes: () => notesOf(spool),
    checks,
    mayLook: ({ headers }) => showsToken(headers.authorization, token),
  };
}

const draining = ({ size }: Pick<Connections, 'size'>) => `draining, ${size} stations are still connected`;

const readable = (log: Pick<LogReader, 'end'>) => log.end('ocpp.frames').then(() => undefined);

/** The log is away and that is provided for: stations are recorded and answered. */
const isAway = (spool: SpoolView | undefined) => spool !== undefined && spool.status.state !== 'direct';

function notesOf(spool: SpoolView | undefined): readonly Reason[] {
  if (spool === undefined || !isAway(spool)) return [];
  const { state, records, bytes, reason } = spool.status;
  const why = reason === '' ? '' : `: ${reason}`;
  return [{ check: 'log', reason: `${state}, ${records} records in ${bytes} bytes${why}` }];
}
