import { evidenceOfConnection, evidenceOfStatus } from '../evidence/of-station.ts';
import type { At } from '../evidence/question.ts';
import { useShowEvidence } from '../evidence/shown.ts';
import { ScopedLink } from '../parts/ScopedLink.tsx';
import { transactionPath } from '../scope/use-scope.ts';
import { timeText } from '../writing/time.ts';
import type { Bar } from './lanes.ts';

type Props = { readonly bar: Bar; readonly at: At; readonly isFirst: boolean };

/** A bar whose word would not fit has none; its title says all. */
const WORD_FITS = 0.07;

const titleOf = ({ word, since, until, subject }: Bar) => {
  const more = subject.kind === 'link' && subject.link.code !== null ? `, ${subject.link.code}` : '';
  return `${word}${more}: ${timeText(since)} – ${until === null ? 'now' : timeText(until)}`;
};

/** Status and link open to their frames, a transaction to its view. */
export function TimelineBar({ bar, at, isFirst }: Props) {
  const show = useShowEvidence();
  const title = titleOf(bar);
  const { subject } = bar;
  const look = {
    className: 'bar',
    title,
    'aria-label': title,
    'data-tone': bar.tone,
    'data-stop': '',
    tabIndex: isFirst ? 0 : -1,
    style: { left: `${bar.from * 100}%`, width: `${(bar.to - bar.from) * 100}%` },
  };
  const word = bar.to - bar.from > WORD_FITS ? bar.word : '';
  if (subject.kind === 'transaction')
    return (
      <ScopedLink to={transactionPath(subject.transaction.id)} {...look}>
        {word}
      </ScopedLink>
    );
  const question =
    subject.kind === 'status' ? evidenceOfStatus(at, subject.status) : evidenceOfConnection(at, subject.link);
  return (
    <button
      type="button"
      {...look}
      onClick={() => {
        show({ title: `${at.station}: ${bar.word}`, question });
      }}
    >
      {word}
    </button>
  );
}
