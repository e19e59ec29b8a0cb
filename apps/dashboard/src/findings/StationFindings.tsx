import { roveStops } from '../parts/roving.ts';
import { ScopedLink } from '../parts/ScopedLink.tsx';
import type { AtPeriod } from '../evidence/question.ts';
import type { FindingsQuery } from '../questions/generated.ts';
import { stationPath } from '../scope/use-scope.ts';
import { FindingLine } from './FindingLine.tsx';

export type Finding = FindingsQuery['conformance']['findings'][number];
type Props = { readonly station: string; readonly findings: readonly Finding[]; readonly at: AtPeriod };

export function StationFindings({ station, findings, at }: Props) {
  return (
    <section className="card wide" aria-label={`Findings of ${station}`}>
      <h2>
        <ScopedLink to={stationPath(station)}>{station}</ScopedLink>
      </h2>
      <ul className="plain findings" onKeyDown={roveStops}>
        {findings.map((finding) => (
          <FindingLine key={`${finding.rule} ${finding.subject}`} finding={finding} at={at} />
        ))}
      </ul>
    </section>
  );
}
