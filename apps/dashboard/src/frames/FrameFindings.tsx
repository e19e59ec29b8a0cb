import { Severity } from '../findings/Severity.tsx';
import type { AroundFrameQuery } from '../questions/generated.ts';

type Props = { readonly findings: AroundFrameQuery['conformance']['findings'] };

/** Rules that were broken at this frame. */
export function FrameFindings({ findings }: Props) {
  return (
    <section aria-labelledby="findings">
      <h2 id="findings">Findings</h2>
      {findings.length === 0 && <p className="soft">No rule was found broken at this frame.</p>}
      <ul className="plain">
        {findings.map(({ rule, title, section, severity, subject, occurrences }) => (
          <li key={rule}>
            <p>
              <Severity severity={severity} /> {title} <span className="soft">({section})</span>
            </p>
            {occurrences.map(({ recordId, detail }) => (
              <p key={recordId} className="soft">
                By the {subject}: {detail}
              </p>
            ))}
          </li>
        ))}
      </ul>
    </section>
  );
}
