import { useAnswer } from '../asking/use-answer.ts';
import type { At } from '../evidence/question.ts';
import { Answered } from '../parts/Answered.tsx';
import { Empty } from '../parts/Empty.tsx';
import { StationTimelineDocument, type StationTimelineQuery } from '../questions/generated.ts';
import { useScope } from '../scope/use-scope.ts';
import { tickText } from '../writing/time.ts';
import { lanesOf, type Window } from './lanes.ts';
import { ticksOf } from './ticks.ts';
import { TimelineLane } from './TimelineLane.tsx';

/** Transactions are asked for by their begin: so much earlier they may have begun. */
const LONGEST = 86_400_000;

/** A label that begins here would stand out of the page. */
const NEAR_THE_END = 0.9;

type Props = { readonly station: string; readonly window: Window; readonly readAt: string | undefined };

/** Link, status and charging side by side in the period; each bar opens to what it is of. */
export function Timeline({ station, window, readAt }: Props) {
  const { tenant, asOf } = useScope();
  const { from, to } = window;
  const begun = new Date(Date.parse(from) - LONGEST).toISOString();
  const answer = useAnswer(StationTimelineDocument, {
    tenant,
    station,
    from,
    begun,
    to,
    asOf,
  });
  return (
    <Answered answer={answer} what="the timeline" lines={5}>
      {(data) => <Lanes data={data} at={{ tenant, station, asOf: readAt }} window={window} />}
    </Answered>
  );
}

type LanesProps = { readonly data: StationTimelineQuery; readonly at: At; readonly window: Window };

function Lanes({ data, at, window }: LanesProps) {
  const [from, to] = [Date.parse(window.from), Date.parse(window.to)];
  const lanes = lanesOf(data, window).filter(({ bars }) => bars.length > 0);
  if (lanes.length === 0)
    return (
      <Empty title="Nothing was recorded in this period.">
        <p>Choose a longer period above.</p>
      </Empty>
    );
  const lists = [data.statusTimeline, data.connections, data.transactions];
  return (
    <>
      <div className="timeline">
        {lanes.map((lane) => (
          <TimelineLane key={lane.label} lane={lane} at={at} />
        ))}
        <div className="axis" aria-hidden="true">
          {ticksOf(from, to).map((tick) => (
            <span
              key={tick.at}
              className={tick.place > NEAR_THE_END ? 'before' : undefined}
              style={{ left: `${tick.place * 100}%` }}
            >
              {tickText(tick.at, to - from)}
            </span>
          ))}
        </div>
      </div>
      {lists.some(({ pageInfo }) => pageInfo.hasNextPage) && (
        <p className="soft">There is more in this period than is shown: choose a shorter one.</p>
      )}
    </>
  );
}
