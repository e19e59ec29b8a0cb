import { EvidenceButton } from '../evidence/EvidenceButton.tsx';
import { evidenceOfCompleteness } from '../evidence/of-figures.ts';
import type { At } from '../evidence/question.ts';
import type { RecordBehindFragment } from '../questions/generated.ts';
import { microsOf, percentOf } from '../writing/decimal.ts';
import { gapsText, toldBy } from './gaps.ts';

type Props = {
  readonly at: At;
  readonly entry: RecordBehindFragment | null | undefined;
  /** Whether its time goes on with ours. */
  readonly moves: boolean;
  readonly firstSeen: string;
};

/** How whole the record behind a figure is, in a line beside it. Its time is the figure's own. */
export function RecordBehind({ at, entry, moves, firstSeen }: Props) {
  if (entry === null || entry === undefined) return null;
  const { from, to } = entry;
  return (
    <p className="soft">
      Its record:{' '}
      <EvidenceButton title={`Record of ${at.station}`} of={evidenceOfCompleteness({ ...at, from, to })}>
        {wordsOf(entry, toldBy(entry.gaps, { from, to, moves }, firstSeen))}
      </EvidenceButton>
    </p>
  );
}

/** The share is told of periods that began when the station was there already. */
function wordsOf({ knownShare }: RecordBehindFragment, { holes, since }: ReturnType<typeof toldBy>): string {
  if (holes.length === 0) return 'complete';
  const gaps = gapsText(holes);
  return since === undefined ? `${percentOf(microsOf(knownShare), microsOf('1'))} known, ${gaps}` : gaps;
}
