import type { CertifiedCentralSystem } from '../device/profile.ts';

/** EL-Electric EL-CSMS, OCA.0016.0204.CSMS. Habits and timing are ours: the certificate has none. */
export const elCsms: CertifiedCentralSystem = {
  kind: 'central-system',
  name: 'EL-CSMS',
  vendor: 'EL-Electric',
  softwareVersion: 'v0.0.1',
  supportedProfiles: [
    'Core',
    'FirmwareManagement',
    'LocalAuthListManagement',
    'Reservation',
    'SmartCharging',
    'RemoteTrigger',
  ],
  habits: { timestamps: 'milliseconds', messageIds: 'uuid' },
  timing: { response: { from: 5, to: 40 } },
  certificate: {
    number: 'OCA.0016.0204.CSMS',
    extent: 'Full',
    holder: 'EL-Electric',
    productType: 'Charging Station Management System',
    designation: 'EL-CSMS',
    softwareVersion: 'v0.0.1',
    date: '2022-10-14',
    reportReference: 'KSGA-OCPP1.6TEST-122-2022',
    octt: 'OCTT 1.6 v1.4.3',
    milliseconds: true,
    passed: [
      'Core',
      'FirmwareManagement',
      'LocalAuthListManagement',
      'Reservation',
      'SmartCharging',
      'RemoteTrigger',
    ],
    performance: { response: { declared: 600, measured: 5 }, authorize: { declared: 60, measured: 0 } },
  },
};
