import type { LogReader } from '@chargeproof/log';
import { type Check, type Operations, showsToken } from '@chargeproof/operations';
import type { Connections } from '../connection/connections.ts';
import type { AppendWatch } from './append-watch.ts';
import type { Counts } from './counts.ts';
import { gatewayMetrics } from './gateway-metrics.ts';

export type GatewayOperationsParts = {
  readonly counts: Counts;
  readonly appends: Pick<AppendWatch, 'fault'>;
  readonly log: Pick<LogReader, 'end'>;
  readonly connections: Pick<Connections, 'size'>;
  readonly isStopping: () => boolean;
  /** What others than this machine's own show; absent: they are told nothing. */
  readonly token: string | undefined;
};

/** How the people who run a gateway look at it. Its port is where stations come in, so that most are told nothing. */
export function gatewayOperations(parts: GatewayOperationsParts): Operations {
  const { counts, appends, log, connections, isStopping, token } = parts;
  const checks: Check[] = [
    { name: 'process', fault: () => (isStopping() ? 'it is stopping' : undefined) },
    { name: 'log-append', fault: () => appends.fault() },
    { name: 'log-read', fault: () => log.end('ocpp.frames').then(() => undefined) },
  ];
  return {
    metrics: gatewayMetrics(counts, connections),
    checks,
    mayLook: ({ headers }) => showsToken(headers.authorization, token),
  };
}
