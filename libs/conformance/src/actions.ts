import type { Direction } from '@chargeproof/record';

const UP: Direction = 'station-to-csms';
const DOWN: Direction = 'csms-to-station';

const FROM_STATION = [
  'Authorize',
  'BootNotification',
  'DiagnosticsStatusNotification',
  'FirmwareStatusNotification',
  'Heartbeat',
  'LogStatusNotification',
  'MeterValues',
  'SecurityEventNotification',
  'SignCertificate',
  'SignedFirmwareStatusNotification',
  'StartTransaction',
  'StatusNotification',
  'StopTransaction',
];
const FROM_CSMS = [
  'CancelReservation',
  'CertificateSigned',
  'ChangeAvailability',
  'ChangeConfiguration',
  'ClearCache',
  'ClearChargingProfile',
  'DeleteCertificate',
  'ExtendedTriggerMessage',
  'GetCompositeSchedule',
  'GetConfiguration',
  'GetDiagnostics',
  'GetInstalledCertificateIds',
  'GetLocalListVersion',
  'GetLog',
  'InstallCertificate',
  'RemoteStartTransaction',
  'RemoteStopTransaction',
  'ReserveNow',
  'Reset',
  'SendLocalList',
  'SetChargingProfile',
  'SignedUpdateFirmware',
  'TriggerMessage',
  'UnlockConnector',
  'UpdateFirmware',
];

/** Action of OCPP 1.6 and its security white paper → the one way it goes; DataTransfer goes both. */
export const DIRECTIONS_16: ReadonlyMap<string, Direction | 'both'> = new Map<string, Direction | 'both'>([
  ...FROM_STATION.map((action) => [action, UP] as const),
  ...FROM_CSMS.map((action) => [action, DOWN] as const),
  ['DataTransfer', 'both'],
]);

const plain = (action: string) => action.replace(/^\/|\.req$|Request$/g, '').toLowerCase();
const BY_PLAIN = new Map([...DIRECTIONS_16.keys()].map((action) => [plain(action), action]));

/** The action that a misspelt one means, where letter case, a slash or a suffix is all that differs. */
export function meantAction(action: string): string | undefined {
  return action.length > 64 ? undefined : BY_PLAIN.get(plain(action));
}
