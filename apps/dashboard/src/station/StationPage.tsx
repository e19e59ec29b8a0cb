import { useAnswer } from '../asking/use-answer.ts';
import { useNudge } from '../asking/use-nudge.ts';
import { Answered } from '../parts/Answered.tsx';
import { Empty } from '../parts/Empty.tsx';
import { PageHead } from '../parts/PageHead.tsx';
import { ReadAt } from '../parts/ReadAt.tsx';
import { ScopedLink } from '../parts/ScopedLink.tsx';
import { StationDocument } from '../questions/generated.ts';
import { PeriodControl } from '../scope/PeriodControl.tsx';
import { usePeriod } from '../scope/use-period.ts';
import { useScope } from '../scope/use-scope.ts';
import { Known } from './Known.tsx';

const FIGURES_OFTEN = 5000;

/** One station: what it is doing, its time, its figures, how it is set, and its frames as they arrive. */
export function StationPage({ station }: { readonly station: string }) {
  const { tenant, asOf } = useScope();
  const period = usePeriod();
  const answer = useAnswer(StationDocument, { tenant, station, asOf });
  const ofStation = { tenant, station: [station] };
  useNudge(ofStation, asOf === undefined, answer.again);
  useNudge(ofStation, asOf === undefined && period.moves, period.advance, FIGURES_OFTEN);
  return (
    <>
      <PageHead title={station} above={<ScopedLink to="/">Fleet</ScopedLink>}>
        <PeriodControl period={period} />
      </PageHead>
      <Answered answer={answer} what="the station" lines={8}>
        {({ stations: { nodes, readAt }, connections, commands }) => (
          <>
            {nodes[0] ? (
              <Known
                facts={nodes[0]}
                commands={commands}
                link={connections.nodes[0]}
                period={period}
                readAt={readAt}
              />
            ) : (
              <Unknown station={station} />
            )}
            <ReadAt readAt={readAt} period={period} />
          </>
        )}
      </Answered>
    </>
  );
}

function Unknown({ station }: { readonly station: string }) {
  const { asOf } = useScope();
  return (
    <Empty title={`The record does not know ${station}.`}>
      <p>
        {asOf === undefined
          ? 'Check how it is written; large and small letters differ.'
          : 'By then nothing was recorded of it.'}{' '}
        <ScopedLink to="/">All stations</ScopedLink>
      </p>
    </Empty>
  );
}
