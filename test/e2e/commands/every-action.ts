const TIME = '2040-01-01T00:00:00Z';
const HASH = { hashAlgorithm: 'SHA256', issuerNameHash: 'a', issuerKeyHash: 'b', serialNumber: 'c' };
const SCHEDULE = { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 16 }] };
const PROFILE = {
  chargingProfileId: 1,
  stackLevel: 0,
  chargingProfilePurpose: 'TxDefaultProfile',
  chargingProfileKind: 'Absolute',
  chargingSchedule: SCHEDULE,
};
const LOG = { remoteLocation: 'ftp://logs.example/x' };
const FIRMWARE = { location: 'ftp://firmware.example/x', retrieveDateTime: TIME };

/** What becomes of a command: the station does it, answers that it does not, or that it does not know it. */
export type Became = 'ANSWERED true' | 'ANSWERED false' | 'ERROR false';
const [DOES, REFUSES, KNOWS_NOT]: readonly Became[] = ['ANSWERED true', 'ANSWERED false', 'ERROR false'];

/** Every action that a central system begins (OCPP 1.6 and its security extension), and what our station says. */
export const EVERY_ACTION: readonly (readonly [
  action: string,
  payload: object,
  became: Became | undefined,
])[] = [
  ['GetConfiguration', { key: ['HeartbeatInterval'] }, DOES],
  ['ChangeConfiguration', { key: 'AuthorizationKey', value: '0a1b2c3d4e5f60718293a4b5c6d7e8f9' }, REFUSES],
  ['ClearCache', {}, DOES],
  ['DataTransfer', { vendorId: 'org.example', data: 'x' }, REFUSES],
  ['ChangeAvailability', { connectorId: 2, type: 'Inoperative' }, DOES],
  ['UnlockConnector', { connectorId: 1 }, DOES],
  ['TriggerMessage', { requestedMessage: 'Heartbeat' }, DOES],
  ['GetLocalListVersion', {}, DOES],
  [
    'SendLocalList',
    {
      listVersion: 1,
      updateType: 'Full',
      localAuthorizationList: [{ idTag: 'TAG-LISTED', idTagInfo: { status: 'Accepted' } }],
    },
    DOES,
  ],
  ['ReserveNow', { connectorId: 1, expiryDate: TIME, idTag: 'TAG-RESERVED', reservationId: 7 }, DOES],
  ['CancelReservation', { reservationId: 7 }, DOES],
  ['SetChargingProfile', { connectorId: 1, csChargingProfiles: PROFILE }, DOES],
  ['GetCompositeSchedule', { connectorId: 1, duration: 3600 }, DOES],
  ['ClearChargingProfile', {}, DOES],
  ['GetDiagnostics', { location: 'ftp://logs.example/x' }, DOES],
  ['UpdateFirmware', { location: 'ftp://firmware.example/x', retrieveDate: TIME }, DOES],
  ['RemoteStartTransaction', { connectorId: 1, idTag: 'TAG-STARTED' }, DOES],
  ['RemoteStopTransaction', { transactionId: -1 }, REFUSES],
  ['ExtendedTriggerMessage', { requestedMessage: 'Heartbeat' }, KNOWS_NOT],
  ['GetLog', { logType: 'SecurityLog', requestId: 1, log: LOG }, KNOWS_NOT],
  ['CertificateSigned', { certificateChain: '-----BEGIN CERTIFICATE-----' }, KNOWS_NOT],
  ['DeleteCertificate', { certificateHashData: HASH }, KNOWS_NOT],
  ['GetInstalledCertificateIds', { certificateType: 'CentralSystemRootCertificate' }, KNOWS_NOT],
  [
    'InstallCertificate',
    { certificateType: 'CentralSystemRootCertificate', certificate: '-----' },
    KNOWS_NOT,
  ],
  [
    'SignedUpdateFirmware',
    { requestId: 1, firmware: { ...FIRMWARE, signingCertificate: 'x', signature: 'y' } },
    KNOWS_NOT,
  ],
  ['Reset', { type: 'Soft' }, DOES],
];
