type Message = readonly [action: string, payload: Readonly<Record<string, unknown>>];

const timestamp = '2026-11-21T12:00:00Z';
const evse = { id: 1, connectorId: 1 };
const idToken = { idToken: 'TAG', type: 'ISO14443' };
const meterValue = [{ timestamp, sampledValue: [{ value: 1234 }] }];
const event = (eventType: string, triggerReason: string, seqNo: number, more: object = {}): Message => [
  'TransactionEvent',
  { eventType, timestamp, triggerReason, seqNo, transactionInfo: { transactionId: 'tx-1' }, evse, ...more },
];

/** Every message that a station begins, as its version's schemas want it: in 2.0.1 those of Core. */
export const MESSAGES: Readonly<Record<'ocpp1.6' | 'ocpp2.0.1', readonly Message[]>> = {
  'ocpp1.6': [
    ['BootNotification', { chargePointVendor: 'V', chargePointModel: 'M' }],
    ['StatusNotification', { connectorId: 0, errorCode: 'NoError', status: 'Available' }],
    ['Authorize', { idTag: 'TAG' }],
    ['StartTransaction', { connectorId: 1, idTag: 'TAG', meterStart: 0, timestamp }],
    [
      'MeterValues',
      { connectorId: 1, transactionId: 1, meterValue: [{ timestamp, sampledValue: [{ value: '1234' }] }] },
    ],
    ['StopTransaction', { transactionId: 1, idTag: 'TAG', meterStop: 1234, timestamp }],
    ['DataTransfer', { vendorId: 'V' }],
    ['DiagnosticsStatusNotification', { status: 'Uploaded' }],
    ['FirmwareStatusNotification', { status: 'Installed' }],
    ['LogStatusNotification', { status: 'Uploaded', requestId: 1 }],
    ['SecurityEventNotification', { type: 'StartupOfTheDevice', timestamp }],
    ['SignCertificate', { csr: '-----BEGIN CERTIFICATE REQUEST-----' }],
    ['SignedFirmwareStatusNotification', { status: 'Installed', requestId: 1 }],
    ['Heartbeat', {}],
  ],
  'ocpp2.0.1': [
    ['BootNotification', { reason: 'PowerUp', chargingStation: { model: 'M', vendorName: 'V' } }],
    ['StatusNotification', { timestamp, connectorStatus: 'Available', evseId: 1, connectorId: 1 }],
    ['Authorize', { idToken }],
    event('Started', 'Authorized', 0, { idToken }),
    event('Updated', 'MeterValuePeriodic', 1, { meterValue }),
    event('Ended', 'StopAuthorized', 2, { idToken, meterValue }),
    ['MeterValues', { evseId: 1, meterValue }],
    [
      'NotifyEvent',
      {
        generatedAt: timestamp,
        seqNo: 0,
        eventData: [
          {
            eventId: 1,
            timestamp,
            trigger: 'Alerting',
            actualValue: 'true',
            eventNotificationType: 'HardWiredNotification',
            component: { name: 'EVSE' },
            variable: { name: 'Problem' },
          },
        ],
      },
    ],
    ['NotifyReport', { requestId: 1, generatedAt: timestamp, seqNo: 0 }],
    ['SecurityEventNotification', { type: 'StartupOfTheDevice', timestamp }],
    ['FirmwareStatusNotification', { status: 'Installed', requestId: 1 }],
    ['LogStatusNotification', { status: 'Uploaded', requestId: 1 }],
    ['DataTransfer', { vendorId: 'V' }],
    ['Heartbeat', {}],
  ],
};
