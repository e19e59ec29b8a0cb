import { evidenceOfBoot, evidenceOfConnection, evidenceOfStatus } from '../evidence/of-station.ts';
import { EvidenceButton } from '../evidence/EvidenceButton.tsx';
import { Ago } from '../parts/Ago.tsx';
import { Badge } from '../parts/Badge.tsx';
import { ScopedLink } from '../parts/ScopedLink.tsx';
import { connectorText, toneOf } from '../parts/status.ts';
import type { Period } from '../scope/use-period.ts';
import { stationPath, useScope } from '../scope/use-scope.ts';
import { ConnectorNumber } from './ConnectorNumber.tsx';
import { FindingsCell, RecordCell, UptimeCell } from './FigureCells.tsx';
import type { FleetRow } from './rows.ts';

type Props = { readonly row: FleetRow; readonly period: Period; readonly readAt: string };

/** Keeps the line's height until its figures are there. */
const PENDING = <span className="soft">…</span>;
type Statuses = FleetRow['connectors'];

/** That the station itself is available tells nothing beside its connectors. */
const telling = (statuses: Statuses): Statuses =>
  statuses.filter(
    ({ connector, status }) => connector !== 0 || status !== 'Available' || statuses.length === 1,
  );

/** One station. What it says of itself opens to the frames in which it says so. */
export function FleetLine({ row, period, readAt }: Props) {
  const { tenant, asOf } = useScope();
  const { station, link, figures } = row;
  const at = { tenant, station, asOf: readAt };
  const atPeriod = { ...at, from: period.from, to: period.to };
  return (
    <tr>
      <th scope="row">
        <ScopedLink to={stationPath(station)} className="station" data-stop="">
          {station}
        </ScopedLink>
        <span className="soft under">{[row.vendor, row.model].filter(Boolean).join(' · ')}</span>
      </th>
      <td data-label="Connectors">
        {telling(row.connectors).map((status) => (
          <EvidenceButton
            key={status.connector}
            title={`${station}, ${connectorText(status.connector).toLowerCase()}: ${status.status}`}
            of={evidenceOfStatus(at, status)}
          >
            <ConnectorNumber connector={status.connector} />
            <Badge tone={toneOf(status.status)}>{status.status}</Badge>
          </EvidenceButton>
        ))}
        {row.connectors.length === 0 && <span className="soft">nothing said</span>}
      </td>
      <td data-label="Link">
        {link ? (
          <EvidenceButton title={`${station}: link`} of={evidenceOfConnection(at, link)}>
            <Badge tone="up">Linked</Badge>
          </EvidenceButton>
        ) : (
          <Badge tone="off">Not linked</Badge>
        )}
      </td>
      <td data-label="Last seen">
        {row.lastSeen === null ? (
          <span className="soft">never</span>
        ) : (
          <ScopedLink to="/frames" with={{ station }} className="figure">
            <Ago at={row.lastSeen} asOf={asOf} />
          </ScopedLink>
        )}
      </td>
      <td data-label="Firmware">
        {row.firmwareVersion === null ? (
          <span className="soft">not told</span>
        ) : (
          <EvidenceButton title={`${station}: firmware ${row.firmwareVersion}`} of={evidenceOfBoot(at)}>
            <span className="clip">{row.firmwareVersion}</span>
          </EvidenceButton>
        )}
      </td>
      <td data-label="Up">{figures ? <UptimeCell at={atPeriod} entries={figures.uptime} /> : PENDING}</td>
      <td data-label="Findings">
        {figures ? <FindingsCell station={station} findings={figures.findings} period={period} /> : PENDING}
      </td>
      <td data-label="Record">{figures ? <RecordCell at={atPeriod} told={figures.told} /> : PENDING}</td>
    </tr>
  );
}
