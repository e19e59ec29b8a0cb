import { evidenceOfBoot, evidenceOfConnection, evidenceOfStatus } from '../evidence/of-station.ts';
import { EvidenceButton } from '../evidence/EvidenceButton.tsx';
import { Ago } from '../parts/Ago.tsx';
import { Badge } from '../parts/Badge.tsx';
import { Facts } from '../parts/Facts.tsx';
import { connectorText, toneOf } from '../parts/status.ts';
import { Time } from '../parts/Time.tsx';
import type { StationQuery } from '../questions/generated.ts';
import { useScope } from '../scope/use-scope.ts';
import { grouped } from '../writing/decimal.ts';

type Props = {
  readonly facts: StationQuery['stations']['nodes'][number];
  readonly link: StationQuery['connections']['nodes'][number] | undefined;
  readonly readAt: string;
};

/** What it is doing now, and what it said of itself when it booted. */
export function StationFacts({ facts, link, readAt }: Props) {
  const { tenant, asOf } = useScope();
  const { station } = facts;
  const at = { tenant, station, asOf: readAt };
  const boot = (value: string | null) =>
    value === null ? null : (
      <EvidenceButton title={`${station}: what it said when it booted`} of={evidenceOfBoot(at)}>
        {value}
      </EvidenceButton>
    );
  return (
    <>
      <ul className="now" aria-label="Now">
        <li>
          {link ? (
            <EvidenceButton title={`${station}: link`} of={evidenceOfConnection(at, link)}>
              <Badge tone="up">Linked</Badge>
            </EvidenceButton>
          ) : (
            <Badge tone="off">Not linked</Badge>
          )}
        </li>
        {facts.connectors.map((status) => (
          <li key={status.connector}>
            <EvidenceButton
              title={`${station}, ${connectorText(status.connector).toLowerCase()}: ${status.status}`}
              of={evidenceOfStatus(at, status)}
            >
              <span className="soft">{connectorText(status.connector)}</span>{' '}
              <Badge tone={toneOf(status.status)}>{status.status}</Badge>
              {status.errorCode !== null && status.errorCode !== 'NoError' && (
                <span className="fault"> {status.errorCode}</span>
              )}{' '}
              <span className="soft">
                <Ago at={status.since} asOf={asOf} />
              </span>
            </EvidenceButton>
          </li>
        ))}
      </ul>
      <Facts
        facts={[
          ['Vendor', boot(facts.vendor)],
          ['Model', boot(facts.model)],
          ['Firmware', boot(facts.firmwareVersion)],
          ['Serial number', boot(facts.serialNumber ?? facts.chargeBoxSerialNumber)],
          ['Meter', boot([facts.meterType, facts.meterSerialNumber].filter(Boolean).join(' ') || null)],
          ['SIM', boot([facts.iccid, facts.imsi].filter(Boolean).join(' / ') || null)],
          ['Registration', boot(facts.registration)],
          ['Heartbeat', facts.intervalSeconds && boot(`every ${grouped(facts.intervalSeconds)} s`)],
          ['Boots seen', grouped(facts.boots)],
          ['Booted', facts.bootedAt && <Time at={facts.bootedAt} />],
          ['First seen', <Time key="first" at={facts.firstSeen} />],
          ['Last seen', facts.lastSeen && <Ago at={facts.lastSeen} asOf={asOf} />],
        ]}
      />
    </>
  );
}
