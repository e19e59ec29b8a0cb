import type { ReactNode } from 'react';
import { EvidenceButton } from '../evidence/EvidenceButton.tsx';
import { evidenceOfUptime } from '../evidence/of-figures.ts';
import type { AtPeriod } from '../evidence/question.ts';
import { connectorText } from '../parts/status.ts';
import { UptimeBar, uptimeText, uptimeWords } from '../parts/UptimeBar.tsx';
import type { StationFiguresQuery } from '../questions/generated.ts';

type Props = {
  readonly at: AtPeriod;
  readonly entries: StationFiguresQuery['uptime']['entries'];
  /** What stands below. */
  readonly children: ReactNode;
};

export function UptimeFigure({ at, entries, children }: Props) {
  return (
    <section className="card" aria-labelledby="uptime">
      <h2 id="uptime">Uptime</h2>
      {entries.length === 0 && <p className="soft">Of this period nothing is known.</p>}
      {entries.map((entry) => (
        <div key={entry.connector} className="entry">
          <span className="soft">{connectorText(entry.connector)}</span>
          <EvidenceButton
            title={`Uptime of ${at.station}, ${connectorText(entry.connector).toLowerCase()}`}
            of={evidenceOfUptime(at, entry.connector)}
          >
            <span className="large">{uptimeText(entry)}</span>
          </EvidenceButton>
          <UptimeBar entry={entry} />
          <span className="soft">{uptimeWords(entry)}</span>
        </div>
      ))}
      {children}
    </section>
  );
}
