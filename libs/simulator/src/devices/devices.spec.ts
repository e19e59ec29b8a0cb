import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Certificate, FeatureProfile } from '../device/profile.ts';
import { STANDARD_KEYS, type StandardKey } from '../device/standard-keys.ts';
import {
  aprotechAtEv310,
  autocryptAco100,
  CERTIFIED_STATIONS,
  ecarplugAcCpt,
  elCsms,
  seokangOc1622,
} from './index.ts';

const SEEDS = resolve(import.meta.dirname, '../../../../../shared/seeds');
const KEYS = Object.keys(STANDARD_KEYS) as StandardKey[];
const EXPORT = 'Energy.Active.Export.Register';

/** Where the scan is damaged: the line as it stands there. Every other key is compared with its own line. */
const DAMAGED: Readonly<Record<string, Readonly<Partial<Record<StandardKey, string>>>>> = {
  '000_59efd2779a3cf1ab.txt': {
    ConnectorPhaseRotation: 'ConnectorPhaseRotation\n\nRST',
    MeterValuesAlignedDataMaxLength:
      'MeterValuesAlignedDataMaxLength\n10\nMeterValuesAlignedDataMaxLength\n0',
    SupportedFeatureProfiles:
      'Core,FirmwareManagement,LocalAut\n\nhListManagement,Reservation,Smart\nSupportedFeatureProfiles\nCharging, Remote Trigger',
  },
  '002_85544703cacd7a5e.txt': {
    AuthorizeRemoteTxRequests: 'AuthorizeRemoteTxRequests\nTBUE',
    ClockAlignedDataInterval: 'Clock Aligned DataInterval\n0',
    ConnectorPhaseRotationMaxLength: 'ConnectorPhaseRotationMaxLength\n- 45',
    GetConfigurationMaxKeys: 'ConnectorPhaseRotationMaxLength\n- 45',
    HeartbeatInterval: 'GetConfigurationMaxKeys HeartbeatInterval\n10',
  },
  '003_2a45fa56323a7bc6.txt': {},
  '004_9d3f5ccf891b50be.txt': {
    BlinkRepeat: 'BlinkRepeat\nClock',
    LightIntensity: 'LightIntensity\nLocal',
    MessageTimeout: 'MessageTimeout\nMeter',
    MinimumStatusDuration: 'MinimumStatusDuration\n00',
    NumberOfConnectors: 'NumberOfConnectors\n- 1',
    StopTransactionOnInvalidId: `·\nFALSE\nStopTransactionOnInvalidId\n${EXPORT}`,
    StopTxnAlignedData: `StopTransactionOnInvalidId\n${EXPORT}\nStopTxnAlignedData\n250`,
    StopTxnAlignedDataMaxLength: 'StopTxnAlignedData\n250',
    StopTxnSampledData: `StopTxnAlignedDataMaxLength StopTxnSampledData\n${EXPORT}\n\n250`,
    StopTxnSampledDataMaxLength: `${EXPORT}\n\n250\nStopTxnSampledDataMaxLength\nCore`,
    SupportedFeatureProfiles: 'StopTxnSampledDataMaxLength\nCore',
    SupportedFeatureProfilesMaxLength: 'SupportedFeatureProfiles SupportedFeatureProfilesMaxLength\n-',
  },
};

const RESULTS: readonly (readonly [FeatureProfile, string])[] = [
  ['FirmwareManagement', 'Firmware Management'],
  ['SmartCharging', 'Smart Charging'],
  ['Reservation', 'Reservation'],
  ['LocalAuthListManagement', 'Local Authorization List Manage'],
  ['RemoteTrigger', 'Remote Trigger'],
];

/** A cell a line, without marks of Markdown and HTML, so that a row is its key, then its value. */
function cellsOf(file: string): string {
  return readFileSync(resolve(SEEDS, file), 'utf8')
    .replaceAll(/<\/?[bi]>|\*\*/g, '')
    .replaceAll(/<(yes|no)><\/\1>/gi, '<$1>')
    .split('\n')
    .map((line) =>
      line
        .replace(/\t+$/, '')
        .split('\t')
        .map((cell) => cell.trim())
        .join('\n'),
    )
    .join('\n');
}

const printed = (value: string | null) => value ?? '-';

const stations = [
  ['000_59efd2779a3cf1ab.txt', ecarplugAcCpt],
  ['002_85544703cacd7a5e.txt', seokangOc1622],
  ['003_2a45fa56323a7bc6.txt', aprotechAtEv310],
  ['004_9d3f5ccf891b50be.txt', autocryptAco100],
] as const;

function expectCertificate(text: string, certificate: Certificate): void {
  expect(text).toContain(`OCPP 1.6 ${certificate.extent} Certificate`);
  for (const fact of [certificate.number, certificate.holder, certificate.designation, certificate.octt])
    expect(text).toContain(fact);
  expect(text.replaceAll('\n', '')).toContain(certificate.reportReference);
  expect(text).toMatch(new RegExp(`version:?\\s+${certificate.softwareVersion.replaceAll('.', '[.,]')}`));
  const date = new Date(certificate.date).toLocaleDateString('en-US', { dateStyle: 'long', timeZone: 'UTC' });
  expect(text).toContain(date);
  for (const [profile, name] of RESULTS) {
    const [, result] = new RegExp(`\\n${name}\\w*\\n(Pass|N/A)\\n`).exec(text) ?? [];
    expect([profile, certificate.passed.includes(profile)]).toEqual([profile, result === 'Pass']);
  }
}

const timed = (name: string, { declared, measured }: { declared: number; measured: number }) =>
  `${name}:\n${declared}s\n00:00:${String(measured).padStart(2, '0')}`;

if (!existsSync(SEEDS)) {
  it.skip('SKIPPED: ../shared/seeds is absent, so the profiles are not compared with the certificates', () => {
    expect(existsSync(SEEDS)).toBe(true);
  });
} else {
  describe.each(stations)('the profile of %s', (file, device) => {
    const text = cellsOf(file);

    it('is who the certificate says', () => {
      expectCertificate(text, device.certificate);
      const { triggeredFunction, response, remoteStart } = device.certificate.performance;
      expect(text).toContain(timed('OCPP triggered function timeout', triggeredFunction!));
      expect(text).toContain(timed('OCPP response timeout', response));
      expect(text).toContain(timed('Response time RemoteStartTransaction', remoteStart!));
      const { hardware, certificate } = device;
      expect(text).toMatch(new RegExp(`Socket\\(s\\) / connector\\(s\\)\\s+${hardware.sockets}`));
      expect(text).toMatch(new RegExp(`Fixed cable\\s+<${hardware.fixedCable ? 'yes' : 'no'}>`, 'i'));
      expect(text).toMatch(new RegExp(`Communication technology\\s+${hardware.communication}`, 'i'));
      expect(text).toMatch(new RegExp(`RFID readers\\s+${hardware.rfidReaders}`));
      const milliseconds = /milliseconds in timestamps\.\s+(Yes|No)/.exec(text)?.[1] === 'Yes';
      expect([certificate.milliseconds, device.habits.timestamps === 'milliseconds']).toEqual([
        milliseconds,
        milliseconds,
      ]);
      expect(text.includes('Mode 1/2-only')).toBe(certificate.productSubtype !== undefined);
    });

    it.each(KEYS)('has %s as certified', (key) => {
      const damage = DAMAGED[file]?.[key];
      const value = printed(device.configuration[key]);
      expect(`\n${text}`).toContain(damage === undefined ? `\n${key}\n${value}\n` : `\n${damage}`);
    });
  });

  it('the profile of EL-CSMS is what its certificate says', () => {
    const text = cellsOf('001_ea32c4ee665df621.txt');
    expectCertificate(text, elCsms.certificate);
    expect(text).toContain(timed('OCPP response timeout', elCsms.certificate.performance.response));
    expect(text).toContain(timed('Response time Authorize', elCsms.certificate.performance.authorize!));
  });
}

it('the four stations have names, all 46 keys, and no text longer than OCPP allows', () => {
  expect(KEYS).toHaveLength(46);
  expect(new Set(CERTIFIED_STATIONS.map(({ identity }) => identity)).size).toBe(4);
  for (const { vendor, model, serialNumber, configuration, connectors } of CERTIFIED_STATIONS) {
    expect(Object.keys(configuration)).toEqual(KEYS);
    expect(Math.max(vendor.length, model.length)).toBeLessThanOrEqual(20);
    expect(serialNumber.length).toBeLessThanOrEqual(25);
    expect(Number(configuration.NumberOfConnectors)).toBe(connectors);
  }
});
