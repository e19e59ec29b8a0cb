import { Empty } from '../parts/Empty.tsx';
import type { FindingsQuery } from '../questions/generated.ts';
import type { Period } from '../scope/use-period.ts';
import { useScope } from '../scope/use-scope.ts';
import { grouped } from '../writing/decimal.ts';
import { StationFindings } from './StationFindings.tsx';

type Props = { readonly conformance: FindingsQuery['conformance']; readonly period: Period };

/** Findings by station; and how much was looked at, without which none would say nothing. */
export function FindingsList({ conformance: { findings, framesChecked, readAt }, period }: Props) {
  const { tenant } = useScope();
  const { from, to, label } = period;
  const at = { tenant, from, to, asOf: readAt };
  return (
    <>
      <p className="soft counts">
        {grouped(framesChecked)} frames were checked, {label}.
        {findings.length > 0 && ' Each line is a rule that was broken.'}
      </p>
      {findings.length === 0 && (
        <Empty title={framesChecked === '0' ? 'There was nothing to check.' : 'No rule was found broken.'}>
          <p>Choose a longer period, or another station.</p>
        </Empty>
      )}
      {[...Map.groupBy(findings, ({ station }) => station)].map(([station, some]) => (
        <StationFindings key={station} station={station} findings={some} at={{ ...at, station }} />
      ))}
    </>
  );
}
