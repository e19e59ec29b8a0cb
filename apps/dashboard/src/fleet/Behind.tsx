import { useAnswer } from '../asking/use-answer.ts';
import { useNudge } from '../asking/use-nudge.ts';
import { BehindDocument } from '../questions/generated.ts';
import { useScope } from '../scope/use-scope.ts';
import { grouped } from '../writing/decimal.ts';

/** How far the tables are behind the log, and what could not be folded. */
export function Behind() {
  const { tenant } = useScope();
  const { data, again } = useAnswer(BehindDocument, {});
  useNudge({ tenant }, true, again);
  if (data === undefined) return null;
  const { lag, parked } = data.platform;
  const stations = [...new Set(parked.map(({ station }) => station ?? 'a run of the gateway'))];
  return (
    <span>
      {lag !== null &&
        (lag === '0'
          ? 'Everything in the log is shown.'
          : `${grouped(lag)} newest records are on their way here.`)}
      {stations.length > 0 && (
        <span className="fault">
          {' '}
          ▲ Figures are incomplete for {stations.join(', ')}: a record could not be folded.
        </span>
      )}
    </span>
  );
}
