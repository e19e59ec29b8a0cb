import { clockText, timeText } from '../writing/time.ts';

/** A moment in the browser's zone; in UTC, to the microsecond, where the pointer rests. */
export function Time({
  at,
  clock = false,
}: {
  readonly at: string | null | undefined;
  readonly clock?: boolean;
}) {
  if (at === null || at === undefined) return <span className="soft">not known</span>;
  return (
    <time dateTime={at} title={`${at.replace('T', ' ').replace('Z', '')} UTC`}>
      {clock ? clockText(at) : timeText(at)}
    </time>
  );
}
