import { EvidenceButton } from '../evidence/EvidenceButton.tsx';
import { evidenceOfCompleteness, evidenceOfUptime } from '../evidence/of-figures.ts';
import type { AtPeriod } from '../evidence/question.ts';
import { Badge } from '../parts/Badge.tsx';
import { ScopedLink } from '../parts/ScopedLink.tsx';
import { connectorText } from '../parts/status.ts';
import { UptimeBar, uptimeText } from '../parts/UptimeBar.tsx';
import { type Period, periodParameters } from '../scope/use-period.ts';
import { spanText } from '../writing/time.ts';
import { microsOf } from '../writing/decimal.ts';
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
      <span className="soft number">{entry.connector === 0 ? 'all' : (entry.connector ?? '?')}</span>
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

export function RecordCell({
  at,
  entry,
}: {
  readonly at: AtPeriod;
  readonly entry: Figures['completeness'];
}) {
  if (entry === undefined) return <span className="soft">nothing</span>;
  const unwatched = microsOf(entry.unwatchedSeconds);
  const others = entry.gaps.filter(({ kind }) => kind !== 'unwatched').length;
  const words = [
    ...(unwatched > 0n ? [`${spanText(unwatched)} unwatched`] : []),
    ...(others > 0 ? [others === 1 ? '1 gap' : `${others} gaps`] : []),
  ];
  return (
    <EvidenceButton title={`Record of ${at.station}`} of={evidenceOfCompleteness(at)}>
      <Badge tone={entry.complete ? 'up' : 'unknown'}>{entry.complete ? 'Complete' : words.join(', ')}</Badge>
    </EvidenceButton>
  );
}
