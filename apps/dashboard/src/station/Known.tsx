import { FrameFilterBar } from '../frames/FrameFilterBar.tsx';
import { FrameList } from '../frames/FrameList.tsx';
import { useFrameFilter } from '../frames/use-frame-filter.ts';
import type { StationQuery } from '../questions/generated.ts';
import type { Period } from '../scope/use-period.ts';
import { useScope } from '../scope/use-scope.ts';
import { Commands } from './Commands.tsx';
import { Configuration } from './Configuration.tsx';
import { Earlier } from './Earlier.tsx';
import { StationFacts } from './StationFacts.tsx';
import { StationFigures } from './StationFigures.tsx';
import { Timeline } from './Timeline.tsx';
import { windowOf } from './window.ts';

type Props = {
  readonly facts: StationQuery['stations']['nodes'][number];
  readonly commands: StationQuery['commands'];
  readonly link: StationQuery['connections']['nodes'][number] | undefined;
  readonly period: Period;
  readonly readAt: string;
};

export function Known({ facts, commands, link, period, readAt }: Props) {
  const { tenant } = useScope();
  const { station } = facts;
  const filter = useFrameFilter(station);
  const window = windowOf(period, facts.firstSeen);
  const begins = window.from !== period.from;
  return (
    <>
      <StationFacts facts={facts} link={link} readAt={readAt} />
      <section aria-labelledby="timeline">
        <h2 id="timeline">
          Timeline{' '}
          <span className="soft">
            {period.label}
            {begins && ', from where its record begins'}
          </span>
        </h2>
        <Earlier station={station} lastSeen={facts.lastSeen} period={period} />
        <Timeline station={station} window={window} readAt={readAt} />
      </section>
      <StationFigures station={station} firstSeen={facts.firstSeen} period={period} />
      <Configuration keys={facts.configuration} at={{ tenant, station, asOf: readAt }} />
      <Commands commands={commands} at={{ tenant, station, asOf: readAt }} />
      <section aria-labelledby="frames">
        <h2 id="frames">Frames</h2>
        <FrameFilterBar ofOneStation />
        <FrameList key={JSON.stringify(filter)} filter={filter} />
      </section>
    </>
  );
}
