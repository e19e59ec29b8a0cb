import { type Breach, certificateBreaches } from '@chargeproof/conformance';
import type { FrameObservation, RecordObservation } from '@chargeproof/ocpp';
import { member, payloadIn, withConnection, without } from '@chargeproof/ocpp';

/** Open connection → the subject of the certificate that the station showed there. */
export type Certificates = Readonly<Record<string, string>>;
export const NO_CERTIFICATES: Certificates = {};

/** Remembers a certificate until the connection ends: only BootNotification says what should be in it. */
export function showCertificate(shown: Certificates, observation: RecordObservation): Certificates {
  const { type, connection } = observation;
  if (type !== 'ocpp.handshake-accepted.v1' || observation.payload.leg !== 'station') return shown;
  const subject = observation.payload.tls?.certificateSubject;
  return subject === undefined || connection === undefined
    ? shown
    : withConnection(shown, connection, subject);
}

export function endCertificate(shown: Certificates, { connection }: RecordObservation): Certificates {
  return connection === undefined || !(connection in shown) ? shown : without(shown, connection);
}

/** What a BootNotification says of the certificate of its connection. */
export function certificateSaid(
  shown: Certificates,
  { frame, record, connection }: FrameObservation,
): readonly Breach[] {
  const certificate = connection === undefined ? undefined : shown[connection];
  if (certificate === undefined || frame.kind !== 'call' || frame.action !== 'BootNotification') return [];
  const payload = payloadIn(frame);
  const serials = [
    member(payload, 'chargePointSerialNumber'),
    member(payload, 'chargeBoxSerialNumber'),
    member(member(payload, 'chargingStation'), 'serialNumber'),
  ].filter((serial): serial is string => typeof serial === 'string' && serial !== '');
  const breaches = certificateBreaches(certificate, serials, record.attributes.subject ?? '');
  return breaches.map(({ rule, detail }) => ({ rule, detail }));
}
