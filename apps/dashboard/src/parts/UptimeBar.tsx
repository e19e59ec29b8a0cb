import { microsOf, percentOf } from '../writing/decimal.ts';
import { spanText } from '../writing/time.ts';

export type Uptime = {
  readonly upSeconds: string;
  readonly downSeconds: string;
  readonly unknownSeconds: string;
};

/** Of the time of which something is known: unknown is neither up nor down. */
export function uptimeText({ upSeconds, downSeconds }: Uptime): string {
  const [up, down] = [microsOf(upSeconds), microsOf(downSeconds)];
  return up + down === 0n ? 'unknown' : percentOf(up, up + down);
}

/** The same with the times that it is of. */
export function uptimeWords({ upSeconds, downSeconds, unknownSeconds }: Uptime): string {
  const parts = [
    ['up', upSeconds],
    ['down', downSeconds],
    ['unknown', unknownSeconds],
  ] as const;
  return parts
    .filter(([, seconds]) => microsOf(seconds) > 0n)
    .map(([word, seconds]) => `${spanText(microsOf(seconds))} ${word}`)
    .join(', ');
}

/** Up, down and unknown as parts of the period. The words stand beside it. */
export function UptimeBar({ entry }: { readonly entry: Uptime }) {
  const parts = { up: entry.upSeconds, down: entry.downSeconds, unknown: entry.unknownSeconds };
  return (
    <span className="uptime-bar" aria-hidden="true" title={uptimeWords(entry)}>
      {Object.entries(parts).map(([name, seconds]) => (
        <span key={name} data-part={name} style={{ flexGrow: Number(microsOf(seconds)) }} />
      ))}
    </span>
  );
}
