const TIME = '2026-11-01T00:00:00Z';
const SAMPLED = {
  value: '1000',
  context: 'Sample.Periodic',
  format: 'Raw',
  measurand: 'Energy.Active.Import.Register',
  phase: 'L1',
  location: 'Outlet',
  unit: 'Wh',
};
const METER_VALUE = [{ timestamp: TIME, sampledValue: [SAMPLED] }];
const TAG_INFO = { status: 'Accepted', expiryDate: TIME, parentIdTag: 'PARENT' };

/** Every message that a station can begin in OCPP 1.6, with all of its members. */
export const FROM_STATION = {
  Authorize: { idTag: 'TAG-1' },
  BootNotification: {
    chargePointVendor: 'V',
    chargePointModel: 'M',
    chargePointSerialNumber: 'S',
    chargeBoxSerialNumber: 'B',
    firmwareVersion: '1',
    iccid: '1',
    imsi: '2',
    meterType: 'T',
    meterSerialNumber: 'N',
  },
  DataTransfer: { vendorId: 'V', messageId: 'M', data: 'D' },
  DiagnosticsStatusNotification: { status: 'Idle' },
  FirmwareStatusNotification: { status: 'Idle' },
  Heartbeat: {},
  LogStatusNotification: { status: 'Idle', requestId: 1 },
  MeterValues: { connectorId: 1, transactionId: 1, meterValue: METER_VALUE },
  SecurityEventNotification: { type: 'StartupOfTheDevice', timestamp: TIME, techInfo: 'I' },
  SignCertificate: { csr: 'C' },
  SignedFirmwareStatusNotification: { status: 'Idle', requestId: 1 },
  StartTransaction: { connectorId: 1, idTag: 'TAG-1', meterStart: 1000, timestamp: TIME, reservationId: 1 },
  StatusNotification: {
    connectorId: 1,
    errorCode: 'NoError',
    status: 'Available',
    info: 'I',
    timestamp: TIME,
    vendorId: 'V',
    vendorErrorCode: 'E',
  },
  StopTransaction: {
    transactionId: 1,
    idTag: 'TAG-1',
    meterStop: 2000,
    timestamp: TIME,
    reason: 'Local',
    transactionData: METER_VALUE,
  },
} as const;

/** What a central system answers to them, where an answer says anything. */
export const TO_STATION = {
  Authorize: { idTagInfo: TAG_INFO },
  BootNotification: { status: 'Accepted', currentTime: TIME, interval: 300 },
  DataTransfer: { status: 'Accepted', data: 'D' },
  Heartbeat: { currentTime: TIME },
  StartTransaction: { transactionId: 7, idTagInfo: TAG_INFO },
  StopTransaction: { idTagInfo: TAG_INFO },
} as const;

/** What a central system asks, and what a station answers. */
export const FROM_CSMS = {
  ChangeAvailability: [{ connectorId: 1, type: 'Operative' }, { status: 'Accepted' }],
  ChangeConfiguration: [{ key: 'HeartbeatInterval', value: '300' }, { status: 'Accepted' }],
  GetConfiguration: [
    { key: ['HeartbeatInterval'] },
    { configurationKey: [{ key: 'HeartbeatInterval', readonly: false, value: '300' }], unknownKey: ['K'] },
  ],
  RemoteStartTransaction: [{ idTag: 'TAG-1', connectorId: 1 }, { status: 'Accepted' }],
  RemoteStopTransaction: [{ transactionId: 7 }, { status: 'Accepted' }],
  Reset: [{ type: 'Soft' }, { status: 'Accepted' }],
  TriggerMessage: [{ requestedMessage: 'StatusNotification', connectorId: 1 }, { status: 'Accepted' }],
} as const;
