import { clockText, dayText, timeText } from '../writing/time.ts';

/** `clock`: of that day, to the millisecond; `fine`: with its day. */
type Form = 'plain' | 'clock' | 'fine';

const FORMS: Readonly<Record<Form, (at: string) => string>> = {
  plain: timeText,
  clock: clockText,
  fine: (at) => `${dayText(at)}, ${clockText(at)}`,
};

type Props = { readonly at: string | null | undefined; readonly form?: Form };

/** A moment in the browser's zone; in UTC, to the microsecond, where the pointer rests. */
export function Time({ at, form = 'plain' }: Props) {
  if (at === null || at === undefined) return <span className="soft">not known</span>;
  return (
    <time dateTime={at} title={`${at.replace('T', ' ').replace('Z', '')} UTC`}>
      {FORMS[form](at)}
    </time>
  );
}
