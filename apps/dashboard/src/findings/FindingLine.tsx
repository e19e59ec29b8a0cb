import { EvidenceButton } from '../evidence/EvidenceButton.tsx';
import { evidenceOfFinding } from '../evidence/of-figures.ts';
import type { AtPeriod } from '../evidence/question.ts';
import { ScopedLink } from '../parts/ScopedLink.tsx';
import { Time } from '../parts/Time.tsx';
import { framePath } from '../scope/use-scope.ts';
import { grouped } from '../writing/decimal.ts';
import { Severity } from './Severity.tsx';
import type { Finding } from './StationFindings.tsx';

/** One rule, how often it was broken, and the newest times that it was. */
export function FindingLine({ finding, at }: { readonly finding: Finding; readonly at: AtPeriod }) {
  const { title, rule, section, severity, subject, count, occurrences } = finding;
  return (
    <li>
      <div className="row between">
        <span>
          <Severity severity={severity} /> <strong>{title}</strong>
        </span>
        <EvidenceButton title={`${at.station}: ${title}`} of={evidenceOfFinding(at, finding)}>
          {count === '1' ? 'once' : `${grouped(count)} times`}
        </EvidenceButton>
      </div>
      <p className="soft">
        Broken by the {subject} · {section} · <code>{rule}</code>
      </p>
      <details>
        <summary data-stop="">
          {occurrences.length < Number(count) ? `The newest ${occurrences.length}` : 'When and where'}
        </summary>
        <ol className="plain occurrences">
          {occurrences.map(({ recordId, at: when, action, detail }) => (
            <li key={recordId}>
              <ScopedLink to={framePath(recordId)}>
                <Time at={when} />
              </ScopedLink>{' '}
              {action !== null && <strong>{action}</strong>} <span className="soft">{detail}</span>
            </li>
          ))}
        </ol>
      </details>
    </li>
  );
}
