import { table } from '../table.ts';
import type { Figures } from './figures.ts';

/** The report as the one JSON document of `--json`. */
export function reportJson(figures: Figures): string {
  const conformance = figures.conformance.map(({ station, kind, count, evidence }) => ({
    station,
    kind,
    count,
    evidence,
  }));
  return `${JSON.stringify({ ...figures, conformance })}\n`;
}

/** The report as a person reads it. */
export function reportText({
  run,
  frames,
  transactions,
  uptime,
  conformance,
  completeness,
}: Figures): string {
  return [
    `Run ${run ?? ''}: ${frames.total} frames`,
    table(['station', 'frames'], Object.entries(frames.byStation)),
    'Transactions',
    table(
      ['station', 'connector', 'transaction', 'Wh', 'method'],
      transactions.map((one) => [one.station, one.connector, one.transactionId, one.energyWh, one.method]),
    ),
    'Uptime, in seconds',
    table(
      ['station', 'connector', 'up', 'down', 'unknown'],
      uptime.map((one) => [
        one.station,
        one.connector,
        one.upSeconds.toFixed(1),
        one.downSeconds.toFixed(1),
        one.unknownSeconds.toFixed(1),
      ]),
    ),
    'Findings',
    table(
      ['station', 'rule', 'count', 'first evidence'],
      conformance.map((one) => [one.station, one.kind, one.count, one.evidence[0] ?? null]),
    ),
    'Completeness of the record',
    table(
      ['station', 'complete', 'gaps'],
      completeness.map((one) => [
        one.station,
        one.complete ? 'yes' : 'no',
        one.gaps.map(({ kind, reason }) => `${kind}: ${reason}`).join('; '),
      ]),
    ),
    '',
  ].join('\n');
}
