import { useAnswer } from '../asking/use-answer.ts';
import { useNudge } from '../asking/use-nudge.ts';
import { Answered } from '../parts/Answered.tsx';
import { Failure } from '../parts/Failure.tsx';
import { PageHead } from '../parts/PageHead.tsx';
import { FleetDocument, FleetFiguresDocument } from '../questions/generated.ts';
import { PeriodControl } from '../scope/PeriodControl.tsx';
import { usePeriod } from '../scope/use-period.ts';
import { useScope } from '../scope/use-scope.ts';
import { useSearch } from '../scope/use-search.ts';
import { FleetFilter } from './FleetFilter.tsx';
import { FleetList } from './FleetList.tsx';

/** Milliseconds between two askings for figures: they cost more than who is there. */
const FIGURES_OFTEN = 8000;

/** All stations: what they are doing, how they did in the period, and what is known of them. */
export function FleetPage() {
  const { tenant, asOf } = useScope();
  const period = usePeriod();
  const [parameters] = useSearch();
  const fleet = useAnswer(FleetDocument, { tenant, after: parameters.get('after'), asOf });
  const station = fleet.data?.stations.nodes.map((one) => one.station) ?? [];
  const { from, to } = period;
  const figures = useAnswer(
    FleetFiguresDocument,
    { tenant, station, from, to, asOf },
    { skip: station.length === 0 },
  );
  useNudge({ tenant }, asOf === undefined, fleet.again);
  useNudge({ tenant }, asOf === undefined && period.moves, period.advance, FIGURES_OFTEN);
  return (
    <>
      <PageHead title="Fleet">
        <PeriodControl period={period} />
      </PageHead>
      <FleetFilter />
      {figures.error && <Failure error={figures.error} again={figures.again} />}
      <Answered answer={fleet} what="the fleet">
        {(data) => (
          <FleetList fleet={data} figures={figures.data} period={{ ...period, ...spanOf(figures.asked) }} />
        )}
      </Answered>
    </>
  );
}

/** Figures are of the period that they were asked for, also while the next are on their way. */
const spanOf = ({ from, to }: { readonly from: string; readonly to: string }) => ({ from, to });
