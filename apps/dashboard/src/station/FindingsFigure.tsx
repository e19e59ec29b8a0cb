import { EvidenceButton } from '../evidence/EvidenceButton.tsx';
import { evidenceOfFinding } from '../evidence/of-figures.ts';
import type { AtPeriod } from '../evidence/question.ts';
import { Severity } from '../findings/Severity.tsx';
import { ScopedLink } from '../parts/ScopedLink.tsx';
import type { StationFiguresQuery } from '../questions/generated.ts';
import { type Period, periodParameters } from '../scope/use-period.ts';
import { grouped } from '../writing/decimal.ts';

type Props = {
  readonly at: AtPeriod;
  readonly conformance: StationFiguresQuery['conformance'];
  readonly period: Period;
};
const SHOWN = 5;

export function FindingsFigure({ at, conformance: { findings, framesChecked }, period }: Props) {
  return (
    <section className="card" aria-labelledby="conformance">
      <h2 id="conformance">Conformance</h2>
      {findings.length === 0 && (
        <p className="soft">
          {framesChecked === '0' ? 'No frame was checked.' : 'No rule was found broken.'}
        </p>
      )}
      {findings.slice(0, SHOWN).map((finding) => (
        <div key={`${finding.rule} ${finding.subject}`} className="entry">
          <span>{finding.title}</span>
          <EvidenceButton title={`${at.station}: ${finding.title}`} of={evidenceOfFinding(at, finding)}>
            <Severity severity={finding.severity} /> × {grouped(finding.count)}
          </EvidenceButton>
        </div>
      ))}
      <p className="soft">{grouped(framesChecked)} frames checked</p>
      <ScopedLink to="/findings" with={{ station: at.station, ...periodParameters(period) }}>
        {findings.length > SHOWN ? `All ${findings.length} findings` : 'Its findings'}
      </ScopedLink>
    </section>
  );
}
