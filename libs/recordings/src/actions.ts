import type { Direction } from '@chargeproof/record';

/** Actions that only a station initiates: OCPP 1.6 with its security extension, 2.0.1 and 2.1. */
const FROM_THE_STATION = [
  // 1.6
  'Authorize',
  'BootNotification',
  'DiagnosticsStatusNotification',
  'FirmwareStatusNotification',
  'Heartbeat',
  'MeterValues',
  'StartTransaction',
  'StatusNotification',
  'StopTransaction',
  // 1.6 security extension and 2.0.1
  'LogStatusNotification',
  'SecurityEventNotification',
  'SignCertificate',
  'SignedFirmwareStatusNotification',
  // 2.0.1
  'ClearedChargingLimit',
  'Get15118EVCertificate',
  'GetCertificateStatus',
  'NotifyChargingLimit',
  'NotifyCustomerInformation',
  'NotifyDisplayMessages',
  'NotifyEVChargingNeeds',
  'NotifyEVChargingSchedule',
  'NotifyEvent',
  'NotifyMonitoringReport',
  'NotifyReport',
  'PublishFirmwareStatusNotification',
  'ReportChargingProfiles',
  'ReservationStatusUpdate',
  'TransactionEvent',
  // 2.1
  'BatterySwap',
  'GetCertificateChainStatus',
  'NotifyDERAlarm',
  'NotifyDERStartStop',
  'NotifyPeriodicEventStream',
  'NotifyPriorityCharging',
  'NotifySettlement',
  'NotifyWebPaymentStarted',
  'PullDynamicScheduleUpdate',
  'ReportDERControl',
  'VatNumberValidation',
  'OpenPeriodicEventStream',
  'ClosePeriodicEventStream',
] as const;

/** Actions that only a CSMS initiates, of the same versions. */
const FROM_THE_CSMS = [
  // 1.6
  'CancelReservation',
  'ChangeAvailability',
  'ChangeConfiguration',
  'ClearCache',
  'ClearChargingProfile',
  'GetCompositeSchedule',
  'GetConfiguration',
  'GetDiagnostics',
  'GetLocalListVersion',
  'RemoteStartTransaction',
  'RemoteStopTransaction',
  'ReserveNow',
  'Reset',
  'SendLocalList',
  'SetChargingProfile',
  'TriggerMessage',
  'UnlockConnector',
  'UpdateFirmware',
  // 1.6 security extension and 2.0.1
  'CertificateSigned',
  'DeleteCertificate',
  'ExtendedTriggerMessage',
  'GetInstalledCertificateIds',
  'GetLog',
  'InstallCertificate',
  'SignedUpdateFirmware',
  // 2.0.1
  'ClearDisplayMessage',
  'ClearVariableMonitoring',
  'CostUpdated',
  'CustomerInformation',
  'GetBaseReport',
  'GetChargingProfiles',
  'GetDisplayMessages',
  'GetMonitoringReport',
  'GetReport',
  'GetTransactionStatus',
  'GetVariables',
  'PublishFirmware',
  'RequestStartTransaction',
  'RequestStopTransaction',
  'SetDisplayMessage',
  'SetMonitoringBase',
  'SetMonitoringLevel',
  'SetNetworkProfile',
  'SetVariableMonitoring',
  'SetVariables',
  'UnpublishFirmware',
  // 2.1
  'AFRRSignal',
  'AdjustPeriodicEventStream',
  'ChangeTransactionTariff',
  'ClearDERControl',
  'ClearTariffs',
  'GetDERControl',
  'GetPeriodicEventStream',
  'GetTariffs',
  'NotifyAllowedEnergyTransfer',
  'NotifyWebPaymentFailed',
  'RequestBatterySwap',
  'SetDERControl',
  'SetDefaultTariff',
  'UpdateDynamicSchedule',
  'UsePriorityCharging',
] as const;

const INITIATORS: ReadonlyMap<string, Direction> = new Map([
  ...FROM_THE_STATION.map((action) => [action.toLowerCase(), 'station-to-csms'] as const),
  ...FROM_THE_CSMS.map((action) => [action.toLowerCase(), 'csms-to-station'] as const),
]);

/**
 * Which way a CALL goes by its action, in any case of letters.
 * @returns undefined for DataTransfer, which both sides initiate, and for an action of no version
 */
export const initiatorOf = (action: string): Direction | undefined => INITIATORS.get(action.toLowerCase());
