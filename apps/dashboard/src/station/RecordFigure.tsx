import { EvidenceButton } from '../evidence/EvidenceButton.tsx';
import { evidenceOfCompleteness, evidenceOfGap } from '../evidence/of-figures.ts';
import type { AtPeriod } from '../evidence/question.ts';
import { Badge } from '../parts/Badge.tsx';
import { Time } from '../parts/Time.tsx';
import type { StationFiguresQuery } from '../questions/generated.ts';
import { grouped, microsOf } from '../writing/decimal.ts';
import { spanText } from '../writing/time.ts';

type Props = {
  readonly at: AtPeriod;
  readonly entry: StationFiguresQuery['completeness']['entries'][number] | undefined;
};
const SHOWN = 5;

/** How whole the record behind the other figures is. */
export function RecordFigure({ at, entry }: Props) {
  return (
    <section className="card" aria-labelledby="record">
      <h2 id="record">Record</h2>
      {entry === undefined && <p className="soft">Nothing was recorded in this period.</p>}
      {entry && (
        <>
          <EvidenceButton title={`Record of ${at.station}`} of={evidenceOfCompleteness(at)}>
            <Badge tone={entry.complete ? 'up' : 'unknown'}>
              {entry.complete ? 'Complete' : 'With gaps'}
            </Badge>
          </EvidenceButton>
          <p className="soft">
            {grouped(entry.records)} records; watched for {spanText(microsOf(entry.watchedSeconds))}
            {microsOf(entry.unwatchedSeconds) > 0n && `, ${spanText(microsOf(entry.unwatchedSeconds))} not`}
          </p>
          {entry.gaps.slice(0, SHOWN).map((gap) => (
            <div key={`${gap.kind} ${gap.from}`} className="entry">
              <span className="soft">
                <Time at={gap.from} />
              </span>
              <EvidenceButton title={`${at.station}: gap, ${gap.kind}`} of={evidenceOfGap(at, gap)}>
                {gap.kind}
                {gap.missing !== null && ` (${grouped(gap.missing)})`}
              </EvidenceButton>
              <span className="soft">{gap.reason}</span>
            </div>
          ))}
          {entry.gaps.length > SHOWN && <p className="soft">and {entry.gaps.length - SHOWN} more</p>}
        </>
      )}
    </section>
  );
}
