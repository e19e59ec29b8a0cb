import { EvidenceButton } from '../evidence/EvidenceButton.tsx';
import { evidenceOfCompleteness, evidenceOfUptime } from '../evidence/of-figures.ts';
import type { AtPeriod } from '../evidence/question.ts';
import { Badge } from '../parts/Badge.tsx';
import { gapsText } from '../parts/gaps.ts';
import { ScopedLink } from '../parts/ScopedLink.tsx';
import { connectorText } from '../parts/status.ts';
import { ConnectorNumber } from './ConnectorNumber.tsx';
import { UptimeBar, uptimeText } from '../parts/UptimeBar.tsx';
import { type Period, periodParameters } from '../scope/use-period.ts';
import { tickText } from '../writing/time.ts';
import type { FleetRow } from './rows.ts';

type Figures = NonNullable<FleetRow['figures']>;

export function UptimeCell({ at, entries }: { readonly at: AtPeriod; readonly entries: Figures['uptime'] }) {
  if (entries.length === 0) return <span className="soft">not known</span>;
  return entries.map((entry) => (
    <EvidenceButton
      key={entry.connector}
      title={`Uptime of ${at.station}, ${connectorText(entry.connector).toLowerCase()}`}
      of={evidenceOfUptime(at, entry.connector)}
    >
      <ConnectorNumber connector={entry.connector} />
      <UptimeBar entry={entry} /> {uptimeText(entry)}
    </EvidenceButton>
  ));
}

type FindingsProps = {
  readonly station: string;
  readonly findings: Figures['findings'];
  readonly period: Period;
};

export function FindingsCell({ station, findings, period }: FindingsProps) {
  if (findings.length === 0) return <span className="soft">none</span>;
  const isError = findings.some(({ severity }) => severity === 'error');
  return (
    <ScopedLink to="/findings" with={{ station, ...periodParameters(period) }} className="figure">
      <Badge tone={isError ? 'fault' : 'busy'}>
        {findings.length === 1 ? '1 rule' : `${findings.length} rules`}
      </Badge>
    </ScopedLink>
  );
}

type RecordProps = { readonly at: AtPeriod; readonly told: Figures['told'] };

export function RecordCell({ at, told }: RecordProps) {
  if (told === undefined) return <span className="soft">nothing</span>;
  const { holes, since } = told;
  const span = Date.parse(at.to) - Date.parse(at.from);
  return (
    <>
      <EvidenceButton title={`Record of ${at.station}`} of={evidenceOfCompleteness(at)}>
        <Badge tone={holes.length === 0 ? 'up' : 'unknown'}>
          {holes.length === 0 ? 'Complete' : gapsText(holes)}
        </Badge>
      </EvidenceButton>
      {since !== undefined && <span className="soft under">since {tickText(Date.parse(since), span)}</span>}
    </>
  );
}
