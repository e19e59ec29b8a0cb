import { Metrics } from '@chargeproof/operations';
import type { Connections } from '../connection/connections.ts';
import type { ClockWatch } from '../time-server/clock-watch.ts';
import type { Counts } from './counts.ts';
import type { SpoolView } from './spool-view.ts';

export type GatewayMetricsParts = {
  readonly counts: Counts;
  readonly connections: Pick<Connections, 'size'>;
  readonly spool?: SpoolView;
  readonly clockWatch?: Pick<ClockWatch, 'told'> | undefined;
};

const MICROS_PER_SECOND = 1_000_000;

/** What the gateway tells Prometheus. */
export function gatewayMetrics({ counts, connections, spool, clockWatch }: GatewayMetricsParts): Metrics {
  const metrics = new Metrics();
  const ways = Object.entries(counts.ways);
  metrics.counter('frames_total', 'Frames received, by direction.', () =>
    ways.map(([direction, { frames }]) => ({ value: frames, labels: { direction } })),
  );
  metrics.counter('frame_bytes_total', 'Bytes of the frames received, by direction.', () =>
    ways.map(([direction, { bytes }]) => ({ value: bytes, labels: { direction } })),
  );
  metrics.latency(
    'relay_seconds',
    'From a frame received to its being handed to the other side, durable in between.',
    ways.map(([direction, { relay }]) => ({ latency: relay, labels: { direction } })),
  );
  metrics.latency('append_seconds', 'From records given to the log to their being durable.', [
    { latency: counts.append },
  ]);
  metrics.gauge('connections', 'Stations connected now.', () => [{ value: connections.size }]);
  metrics.counter('connections_opened_total', 'Handshakes accepted.', () => [
    { value: counts.connectionsOpened },
  ]);
  metrics.tally(
    'handshakes_refused_total',
    'Handshakes refused, by reason.',
    'reason',
    counts.handshakesRefused,
  );
  metrics.tally('frames_refused_total', 'Frames not passed on by rule.', 'reason', counts.framesRefused);
  metrics.tally(
    'frames_not_relayed_total',
    'Frames recorded that the other side did not get, by reason.',
    'reason',
    counts.framesNotRelayed,
  );
  metrics.counter('socket_pauses_total', 'Times a socket was not read because too much was in hand.', () => [
    { value: counts.pauses },
  ]);
  metrics.counter(
    'station_limit_pauses_total',
    'Times a station was not read because it talked faster than it may, up to the last tick.',
    () => [{ value: counts.limitPauses }],
  );
  if (clockWatch !== undefined) clockMetrics(metrics, clockWatch);
  if (spool !== undefined) spoolMetrics(metrics, spool);
  return metrics;
}

/** While it is not known there is no such figure. */
function clockMetrics(metrics: Metrics, clockWatch: Pick<ClockWatch, 'told'>): void {
  const gauge = (name: string, help: string, member: 'clockOffset' | 'clockUncertainty') => {
    metrics.gauge(name, help, () => {
      const value = clockWatch.told()[member];
      return value === undefined ? [] : [{ value: value / MICROS_PER_SECOND }];
    });
  };
  gauge(
    'clock_offset_seconds',
    "What is to be added to this host's clock by its time server: above 0 it is slow.",
    'clockOffset',
  );
  gauge('clock_uncertainty_seconds', 'By how much that may be wrong.', 'clockUncertainty');
}

const STATES = ['direct', 'spooling', 'draining'] as const;

function spoolMetrics(metrics: Metrics, spool: SpoolView): void {
  const gauge = (name: string, help: string, read: (status: SpoolView['status']) => number) => {
    metrics.gauge(name, help, () => [{ value: read(spool.status) }]);
  };
  gauge('spool_records', 'Records spooled that are not known to be in the log.', ({ records }) => records);
  gauge('spool_bytes', 'Bytes that the spool takes on disk.', ({ bytes }) => bytes);
  gauge(
    'log_silent_seconds',
    'Seconds since the log last acknowledged anything.',
    (status) => status.silentSeconds,
  );
  metrics.gauge('spool_state', '1 for what it is: direct (nothing is spooled), spooling or draining.', () =>
    STATES.map((kind) => ({ value: spool.status.state === kind ? 1 : 0, labels: { kind } })),
  );
  metrics.counter('spool_drained_total', 'Records that went from the spool to the log.', () => [
    { value: spool.status.drained },
  ]);
}
