import type { Direction } from '@chargeproof/record';

/** Messages that only a station begins: OCPP 1.6 with its security extension. */
const STATION_16 = [
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
] as const;

/** Messages that only a central system begins, of the same. */
const CSMS_16 = [
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
] as const;

/** What OCPP 2.0.1 and 2.1 add to either. */
const STATION_2 = [
  'BatterySwap',
  'ClearedChargingLimit',
  'ClosePeriodicEventStream',
  'Get15118EVCertificate',
  'GetCertificateChainStatus',
  'GetCertificateStatus',
  'NotifyChargingLimit',
  'NotifyCustomerInformation',
  'NotifyDERAlarm',
  'NotifyDERStartStop',
  'NotifyDisplayMessages',
  'NotifyEVChargingNeeds',
  'NotifyEVChargingSchedule',
  'NotifyEvent',
  'NotifyMonitoringReport',
  'NotifyPeriodicEventStream',
  'NotifyPriorityCharging',
  'NotifyReport',
  'NotifySettlement',
  'NotifyWebPaymentStarted',
  'OpenPeriodicEventStream',
  'PublishFirmwareStatusNotification',
  'PullDynamicScheduleUpdate',
  'ReportChargingProfiles',
  'ReportDERControl',
  'ReservationStatusUpdate',
  'TransactionEvent',
  'VatNumberValidation',
] as const;
const CSMS_2 = [
  'AFRRSignal',
  'AdjustPeriodicEventStream',
  'ChangeTransactionTariff',
  'ClearDERControl',
  'ClearDisplayMessage',
  'ClearTariffs',
  'ClearVariableMonitoring',
  'CostUpdated',
  'CustomerInformation',
  'GetBaseReport',
  'GetChargingProfiles',
  'GetDERControl',
  'GetDisplayMessages',
  'GetMonitoringReport',
  'GetPeriodicEventStream',
  'GetReport',
  'GetTariffs',
  'GetTransactionStatus',
  'GetVariables',
  'NotifyAllowedEnergyTransfer',
  'NotifyWebPaymentFailed',
  'PublishFirmware',
  'RequestBatterySwap',
  'RequestStartTransaction',
  'RequestStopTransaction',
  'SetDERControl',
  'SetDefaultTariff',
  'SetDisplayMessage',
  'SetMonitoringBase',
  'SetMonitoringLevel',
  'SetNetworkProfile',
  'SetVariableMonitoring',
  'SetVariables',
  'UnpublishFirmware',
  'UpdateDynamicSchedule',
  'UsePriorityCharging',
] as const;

const UP: Direction = 'station-to-csms';
const DOWN: Direction = 'csms-to-station';

/** Action of OCPP 1.6 → the one way its CALL goes; DataTransfer goes both. */
export const ACTIONS_16: ReadonlyMap<string, Direction | 'both'> = new Map<string, Direction | 'both'>([
  ...STATION_16.map((action) => [action, UP] as const),
  ...CSMS_16.map((action) => [action, DOWN] as const),
  ['DataTransfer', 'both'],
]);

const INITIATORS: ReadonlyMap<string, Direction> = new Map([
  ...[...STATION_16, ...STATION_2].map((action) => [action.toLowerCase(), UP] as const),
  ...[...CSMS_16, ...CSMS_2].map((action) => [action.toLowerCase(), DOWN] as const),
]);

/**
 * Which way a CALL goes by its action of any version, in any case of letters.
 * @returns undefined for DataTransfer, which both sides begin, and for an action of no version
 */
export const initiatorOf = (action: string): Direction | undefined => INITIATORS.get(action.toLowerCase());
