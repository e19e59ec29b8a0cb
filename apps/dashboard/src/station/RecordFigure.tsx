import { EvidenceButton } from '../evidence/EvidenceButton.tsx';
import { evidenceOfCompleteness, evidenceOfGap } from '../evidence/of-figures.ts';
import type { AtPeriod } from '../evidence/question.ts';
import { Badge } from '../parts/Badge.tsx';
import { toldBy } from '../parts/gaps.ts';
import { Time } from '../parts/Time.tsx';
import type { StationFiguresQuery } from '../questions/generated.ts';
import type { Period } from '../scope/use-period.ts';
import { grouped, microsOf } from '../writing/decimal.ts';
import { spanText } from '../writing/time.ts';

type Entry = StationFiguresQuery['completeness']['entries'][number];
type Props = {
  readonly at: AtPeriod;
  readonly entry: Entry | undefined;
  readonly period: Period;
  readonly firstSeen: string;
};
const SHOWN = 5;

/** How whole the record behind the other figures is. */
export function RecordFigure({ at, entry, period, firstSeen }: Props) {
  return (
    <section className="card" aria-labelledby="record">
      <h2 id="record">Record</h2>
      {entry === undefined ? (
        <p className="soft">Nothing was recorded in this period.</p>
      ) : (
        <Told at={at} entry={entry} told={toldBy(entry.gaps, { ...period, ...at }, firstSeen)} />
      )}
    </section>
  );
}

type ToldProps = {
  readonly at: AtPeriod;
  readonly entry: Entry;
  readonly told: ReturnType<typeof toldBy<Entry['gaps'][number]>>;
};

function Told({ at, entry, told: { holes, since, until } }: ToldProps) {
  return (
    <>
      <EvidenceButton title={`Record of ${at.station}`} of={evidenceOfCompleteness(at)}>
        <Badge tone={holes.length === 0 ? 'up' : 'unknown'}>
          {holes.length === 0 ? 'Complete' : 'With gaps'}
        </Badge>
      </EvidenceButton>
      <p className="soft">
        {grouped(entry.records)} records; watched for {spanText(microsOf(entry.watchedSeconds))}
        {since !== undefined && (
          <>
            , since <Time at={since} />
          </>
        )}
        .
      </p>
      <GatewayClock clock={entry.clock} />
      {until !== undefined && (
        <p className="soft">
          Confirmed up to <Time at={until} />; the recorder’s next tick confirms what came since.
        </p>
      )}
      {holes.slice(0, SHOWN).map((gap) => (
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
      {holes.length > SHOWN && <p className="soft">and {holes.length - SHOWN} more</p>}
    </>
  );
}

/** How far its times may be off. */
function GatewayClock({ clock: { says, isOff, at } }: Pick<Entry, 'clock'>) {
  return (
    <>
      {isOff && <Badge tone="fault">Clock off</Badge>}
      <p className="soft">
        Gateway’s clock: {says}
        {at !== null && (
          <>
            , at <Time at={at} />
          </>
        )}
        .
      </p>
    </>
  );
}
