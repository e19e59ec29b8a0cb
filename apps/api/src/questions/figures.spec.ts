import { sampleRecord } from '@chargeproof/log/testing';
import { formatMicros } from '@chargeproof/record';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type ApiUnderTest, startApi } from '../testing/api-under-test.ts';

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const OPENED = 1_763_719_200_000_000;
const SECOND = 1_000_000;
const HOUR = 3600 * SECOND;
const WHEN = formatMicros(OPENED);
const connection = `${OPENED.toString(36).padStart(11, '0')}-abc123-0`;

let sequence = 0;
/** The next frame of the one connection, a minute after the one before it. */
function frame(way: 'up' | 'down', ...message: unknown[]) {
  sequence++;
  return sampleRecord('CP', sequence, JSON.stringify(message), {
    id: `${connection}/${sequence}`,
    connection,
    monotonic: sequence * 60 * SECOND,
    time: OPENED + sequence * 60 * SECOND,
    direction: way === 'up' ? 'station-to-csms' : 'csms-to-station',
    origin: way === 'up' ? 'station' : 'csms',
  });
}
const call = (id: string, action: string, payload: object, answer: object) => [
  frame('up', 2, id, action, payload),
  frame('down', 3, id, answer),
];

/** A station boots, is available, charges 1500 Wh and says something that no schema allows. */
const DAY = [
  ...call(
    '1',
    'BootNotification',
    { chargePointVendor: 'Acme', chargePointModel: 'X1', firmwareVersion: '1.0' },
    { status: 'Accepted', currentTime: WHEN, interval: 300 },
  ),
  ...call('2', 'StatusNotification', { connectorId: 1, status: 'Available', errorCode: 'NoError' }, {}),
  ...call(
    '3',
    'StartTransaction',
    {
      connectorId: 1,
      idTag: 'stand-in',
      meterStart: 1000,
      timestamp: formatMicros(OPENED + 6 * 60 * SECOND),
    },
    { transactionId: 77, idTagInfo: { status: 'Accepted' } },
  ),
  ...call(
    '4',
    'MeterValues',
    {
      connectorId: 1,
      transactionId: 77,
      meterValue: [
        {
          timestamp: formatMicros(OPENED + 8 * 60 * SECOND),
          sampledValue: [{ value: '1700' }, { value: '16', measurand: 'Current.Import', unit: 'A' }],
        },
      ],
    },
    {},
  ),
  ...call(
    '5',
    'StopTransaction',
    { transactionId: 77, meterStop: 2500, timestamp: formatMicros(OPENED + 10 * 60 * SECOND) },
    {},
  ),
  ...call('6', 'StatusNotification', { connectorId: 'one', status: 'Available', errorCode: 'NoError' }, {}),
];
/** What comes late: another transaction of the same day. */
const EVENING = [
  ...call(
    '7',
    'StartTransaction',
    {
      connectorId: 1,
      idTag: 'stand-in',
      meterStart: 2500,
      timestamp: formatMicros(OPENED + 14 * 60 * SECOND),
    },
    { transactionId: 78, idTagInfo: { status: 'Accepted' } },
  ),
  ...call(
    '8',
    'StopTransaction',
    { transactionId: 78, meterStop: 2501, timestamp: formatMicros(OPENED + 16 * 60 * SECOND) },
    {},
  ),
];

const EVIDENCE = 'evidence { total recordIds frames(first: 2) { id action } }';
const QUESTION = `query ($asOf: String, $from: DateTime!, $to: DateTime!) {
  stations(asOf: $asOf) {
    nodes {
      station vendor model firmwareVersion registration boots lastSeen bootedAt
      connectors { connector status since } configuration { name } history { vendor registration since ${EVIDENCE} } ${EVIDENCE}
    } totalCount readAt
  }
  statusTimeline(asOf: $asOf) { nodes { connector status since until ${EVIDENCE} } totalCount }
  transactions(asOf: $asOf) {
    nodes {
      id transactionId connector kind meterStart meterStop stopMethod startedAt
      energy { energyWh method confidence findings { code } ${EVIDENCE} }
      meterValues { value measurand unit } current: meterValues(measurand: ["Current.Import"]) { value } ${EVIDENCE}
    } totalCount
  }
  energy(from: $from, to: $to, asOf: $asOf) { entries { connector energyWh method transactions open byMethod { energyWh } ${EVIDENCE} } }
  uptime(from: $from, to: $to, asOf: $asOf) {
    entries { connector upSeconds downSeconds unknownSeconds intervals { verdict cause ${EVIDENCE} } ${EVIDENCE} }
  }
  completeness(from: $from, to: $to, asOf: $asOf) {
    entries { complete watchedSeconds unwatchedSeconds records gaps { kind missing ${EVIDENCE} } ${EVIDENCE} }
  }
  conformance(asOf: $asOf) {
    findings { rule category title section count occurrences { recordId detail frame { action } } ${EVIDENCE} } framesChecked
  }
}`;
const period = { from: formatMicros(OPENED), to: formatMicros(OPENED + HOUR) };

type Data = {
  stations: { nodes: object[]; readAt: string };
  transactions: { nodes: object[]; totalCount: string };
  energy: { entries: object[] };
  uptime: { entries: { upSeconds: string; downSeconds: string; unknownSeconds: string }[] };
  completeness: { entries: { complete: boolean }[] };
  conformance: { findings: object[] };
};

function dataOf({ data, errors }: Answer<Data>): Data {
  if (data === undefined) throw new Error(JSON.stringify(errors));
  return data;
}
const seconds = ({ upSeconds, downSeconds, unknownSeconds }: Data['uptime']['entries'][number]) =>
  Number(upSeconds) + Number(downSeconds) + Number(unknownSeconds);

describe('figures', () => {
  it('come with their evidence, agree, and are the same again at the positions they named', async () => {
    await api.append(DAY);
    const before = await api.ask<Data>(QUESTION, period);
    const { stations, transactions, energy, conformance, uptime, completeness } = dataOf(before);
    expect(stations.nodes).toMatchObject([
      {
        station: 'CP',
        vendor: 'Acme',
        registration: 'Accepted',
        boots: '1',
        // What was sent for the one is no number.
        connectors: [{ connector: null }, { connector: 1, status: 'Available' }],
        history: [
          { vendor: 'Acme', registration: 'Accepted' },
          { vendor: 'Acme', registration: null },
        ],
      },
    ]);
    expect(transactions.nodes).toMatchObject([
      {
        transactionId: '77',
        connector: 1,
        kind: 'TRANSACTION',
        stopMethod: 'StopTransaction',
        energy: { energyWh: '1500', method: 'METER_START_STOP', evidence: { frames: [{}, {}] } },
        meterValues: [{ value: '1700' }, { value: '16', unit: 'A' }],
        current: [{ value: '16' }],
      },
    ]);
    expect(energy.entries).toMatchObject([{ connector: 1, energyWh: '1500', transactions: '1' }]);
    expect(conformance.findings).toContainEqual(
      expect.objectContaining({
        category: 'SCHEMA',
        count: '1',
        occurrences: [expect.objectContaining({ frame: { action: 'StatusNotification' } })],
      }),
    );
    expect(uptime.entries.map(seconds)).toEqual([3600]);
    // No run of a gateway told by ticks that it watched.
    expect(completeness.entries).toMatchObject([{ complete: false, records: '12' }]);

    await api.append(EVENING);
    const asOf = stations.readAt;
    expect(JSON.stringify(await api.ask(QUESTION, { ...period, asOf }))).toBe(JSON.stringify(before));
    const now = dataOf(await api.ask<Data>(QUESTION, period));
    expect(now.energy.entries).toMatchObject([{ energyWh: '1501', transactions: '2' }]);
    expect(now.transactions.totalCount).toBe('2');
  });

  it.each([
    ['to', { from: period.to, to: period.to }],
    ['from', { from: period.to, to: period.from }],
    ['to', { from: '2000-01-01T00:00:00Z', to: '2011-01-01T00:00:00Z' }],
  ])('name %s of a period that is none', async (argument, wrong) => {
    for (const question of ['energy', 'uptime', 'completeness']) {
      const { errors } = await api.ask(
        `query ($from: DateTime!, $to: DateTime!) { ${question}(from: $from, to: $to) { readAt } }`,
        wrong,
      );
      expect(errors?.[0]?.extensions, question).toEqual({ code: 'BAD_USER_INPUT', argument });
    }
  });

  it('of a station that nobody knows are none, and no error', async () => {
    const { data, errors } = await api.ask(
      `query ($from: DateTime!, $to: DateTime!) {
        energy(station: ["nobody"], from: $from, to: $to) { entries { station } }
        uptime(station: ["nobody"], from: $from, to: $to) { entries { station } }
        completeness(station: ["nobody"], from: $from, to: $to) { entries { station } }
        transactions(filter: { station: [] }) { nodes { id } }
      }`,
      period,
    );
    expect({ data, errors }).toEqual({
      data: {
        energy: { entries: [] },
        uptime: { entries: [] },
        completeness: { entries: [] },
        transactions: { nodes: [] },
      },
    });
  });
});
