import { EvidenceButton } from '../evidence/EvidenceButton.tsx';
import { evidenceOfCompleteness } from '../evidence/of-figures.ts';
import type { AtPeriod } from '../evidence/question.ts';
import { toldBy } from '../parts/gaps.ts';
import type { StationFiguresQuery } from '../questions/generated.ts';
import type { Period } from '../scope/use-period.ts';
import { microsOf, percentOf } from '../writing/decimal.ts';

type Entry = StationFiguresQuery['uptime']['completeness'][number];
type Props = {
  readonly at: AtPeriod;
  readonly entry: Entry | undefined;
  readonly period: Period;
  readonly firstSeen: string;
};

/** How whole the record behind a figure is, in a line beside it. Its time is the figure's own. */
export function RecordBehind({ at, entry, period: { moves }, firstSeen }: Props) {
  if (entry === undefined) return null;
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
function wordsOf({ knownShare }: Entry, { holes, since }: ReturnType<typeof toldBy>): string {
  if (holes.length === 0) return 'complete';
  const gaps = holes.length === 1 ? '1 gap' : `${holes.length} gaps`;
  return since === undefined ? `${percentOf(microsOf(knownShare), microsOf('1'))} known, ${gaps}` : gaps;
}
