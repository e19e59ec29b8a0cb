/** What a station lets the central system do with a key. */
export type Access = 'read' | 'read-write';
export type KeyType = 'boolean' | 'integer' | 'list';
export type KeyDefinition = { readonly type: KeyType; readonly access: Access };

const read = (type: KeyType) => ({ type, access: 'read' }) as const;
const write = (type: KeyType) => ({ type, access: 'read-write' }) as const;

/**
 * The 46 configuration keys of the certificate's template, in its order, with type and access as OCPP 1.6
 * (9.1 to 9.4, errata v4.0) gives them. Where the standard leaves the access open the key is read-only.
 */
export const STANDARD_KEYS = {
  AllowOfflineTxForUnknownId: write('boolean'),
  AuthorizationCacheEnabled: write('boolean'),
  AuthorizeRemoteTxRequests: read('boolean'),
  BlinkRepeat: write('integer'),
  ClockAlignedDataInterval: write('integer'),
  ConnectionTimeOut: write('integer'),
  ConnectorPhaseRotation: write('list'),
  ConnectorPhaseRotationMaxLength: read('integer'),
  GetConfigurationMaxKeys: read('integer'),
  HeartbeatInterval: write('integer'),
  LightIntensity: write('integer'),
  LocalAuthorizeOffline: write('boolean'),
  LocalPreAuthorize: write('boolean'),
  MaxEnergyOnInvalidId: write('integer'),
  MessageTimeout: write('integer'),
  MeterValuesAlignedData: write('list'),
  MeterValuesAlignedDataMaxLength: read('integer'),
  MeterValuesSampledData: write('list'),
  MeterValuesSampledDataMaxLength: read('integer'),
  MeterValueSampleInterval: write('integer'),
  MinimumStatusDuration: write('integer'),
  NumberOfConnectors: read('integer'),
  ResetRetries: write('integer'),
  StopTransactionMaxMeterValues: read('integer'),
  StopTransactionOnEVSideDisconnect: read('boolean'),
  StopTransactionOnInvalidId: write('boolean'),
  StopTxnAlignedData: write('list'),
  StopTxnAlignedDataMaxLength: read('integer'),
  StopTxnSampledData: write('list'),
  StopTxnSampledDataMaxLength: read('integer'),
  SupportedFeatureProfiles: read('list'),
  SupportedFeatureProfilesMaxLength: read('integer'),
  TransactionMessageAttempts: write('integer'),
  TransactionMessageRetryInterval: write('integer'),
  UnlockConnectorOnEVSideDisconnect: write('boolean'),
  WebSocketPingInterval: write('integer'),
  LocalAuthListEnabled: write('boolean'),
  LocalAuthListMaxLength: read('integer'),
  SendLocalListMaxLength: read('integer'),
  ReserveConnectorZeroSupported: read('boolean'),
  ChargeProfileMaxStackLevel: read('integer'),
  ChargingScheduleAllowedChargingRateUnit: read('list'),
  ChargingScheduleMaxPeriods: read('integer'),
  ConnectorSwitch3to1PhaseSupported: read('boolean'),
  MaxChargingProfilesInstalled: read('integer'),
  SupportedFileTransferProtocols: read('list'),
} as const satisfies Readonly<Record<string, KeyDefinition>>;

export type StandardKey = keyof typeof STANDARD_KEYS;
