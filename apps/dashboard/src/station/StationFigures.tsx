import { useAnswer } from '../asking/use-answer.ts';
import { Answered } from '../parts/Answered.tsx';
import { RecordBehind } from '../parts/RecordBehind.tsx';
import { StationFiguresDocument } from '../questions/generated.ts';
import type { Period } from '../scope/use-period.ts';
import { useScope } from '../scope/use-scope.ts';
import { EnergyFigure } from './EnergyFigure.tsx';
import { FindingsFigure } from './FindingsFigure.tsx';
import { RecordFigure } from './RecordFigure.tsx';
import { UptimeFigure } from './UptimeFigure.tsx';

type Props = { readonly station: string; readonly firstSeen: string; readonly period: Period };

/** How it did in the period. All four are read at the same positions of the log. */
export function StationFigures({ station, firstSeen, period }: Props) {
  const { tenant, asOf } = useScope();
  const answer = useAnswer(StationFiguresDocument, {
    tenant,
    station,
    from: period.from,
    to: period.to,
    asOf,
  });
  const { from, to } = answer.asked;
  return (
    <Answered answer={answer} what="figures" lines={5}>
      {({ uptime, energy, conformance, completeness }) => {
        const at = { tenant, station, from, to, asOf: uptime.readAt };
        return (
          <div className="cards">
            <UptimeFigure at={at} entries={uptime.entries}>
              <RecordBehind
                at={at}
                entry={uptime.completeness[0]}
                moves={period.moves}
                firstSeen={firstSeen}
              />
            </UptimeFigure>
            <EnergyFigure at={at} entries={energy.entries} period={period}>
              <RecordBehind
                at={at}
                entry={energy.completeness[0]}
                moves={period.moves}
                firstSeen={firstSeen}
              />
            </EnergyFigure>
            <FindingsFigure at={at} conformance={conformance} period={period} />
            <RecordFigure at={at} entry={completeness.entries[0]} period={period} firstSeen={firstSeen} />
          </div>
        );
      }}
    </Answered>
  );
}
