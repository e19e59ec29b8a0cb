import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { variableName } from '@chargeproof/config';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startQueryProcess } from '../scenario/asking/query-process.ts';
import { startGatewayProcess } from './gateway/gateway-process.ts';
import { exported, imported, type Traced } from './importing/folder.ts';

const HOUR = 3_600_000;
/** Whose recordings come by a clock that is so far ahead, ms. */
const CLOCKS: readonly (readonly [name: string, station: string, shift: number])[] = [
  ['at the same time', 'CP-same', 0],
  ['by a clock an hour behind', 'CP-behind', -HOUR],
  ['by a clock a zone and some seconds behind', 'CP-zone', -2 * HOUR - 17_000],
  ['by a clock an hour ahead', 'CP-ahead', HOUR],
];
/** Of which the gateway missed something; its clock is an hour behind, too. */
const MISSED = 'CP-missed';
const STATIONS = [...CLOCKS.map(([, station]) => station), MISSED];

type Frame = {
  readonly id: string;
  readonly witness: 'WIRE' | 'IMPORT';
  readonly text: string;
  readonly direction: string;
  readonly sameAs: string | null;
};
type Seen = {
  readonly frames: { readonly nodes: readonly Frame[] };
  readonly transactions: { readonly nodes: readonly { readonly id: string; readonly stopMethod: string }[] };
  readonly energy: { readonly entries: readonly { readonly energyWh: string }[] };
  readonly exchanges: { readonly totalCount: string };
};
const DAY = 24 * HOUR;
const dayFromNow = (days: number) => new Date(Date.now() + days * DAY).toISOString();
/** All but the positions it was read at, which an import moves. */
const questionOf = (station: string) => `{
  frames(first: 500, filter: { station: "${station}" }) { nodes { id witness text direction sameAs } }
  exchanges(first: 500, filter: { station: "${station}" }) { totalCount nodes { id messageId action outcome } }
  transactions(filter: { station: "${station}" }) { nodes {
    id connector kind transactionId starts startedAt stoppedAt meterStart meterStop stopMethod
    energy { energyWh method confidence } } }
  energy(station: "${station}", from: "${dayFromNow(-2)}", to: "${dayFromNow(2)}") { entries {
    station connector energyWh method transactions withoutEnergy open } }
}`;

/** By station. */
async function asked(data: string): Promise<ReadonlyMap<string, Seen>> {
  const api = await startQueryProcess(data);
  try {
    await api.folded();
    const answers = STATIONS.map(async (station) => {
      return [station, await api.ask<Seen>(questionOf(station))] as const;
    });
    return new Map(await Promise.all(answers));
  } finally {
    await api.stop();
  }
}

/** A station that asks one thing after the other, as OCPP-J 1.6, 4.1.1 wants it. */
async function liveStation(url: string, name: string) {
  const socket = new WebSocket(`${url}/ocpp/${name}`, ['ocpp1.6']);
  await once(socket, 'open');
  let number = 0;
  return {
    async call(action: string, payload: object): Promise<Record<string, unknown>> {
      number += 1;
      socket.send(JSON.stringify([2, `${action}-${number}`, action, payload]));
      const [data] = (await once(socket, 'message')) as [Buffer];
      return (JSON.parse(data.toString()) as [3, string, Record<string, unknown>])[2];
    },
    async end(): Promise<void> {
      socket.close(1000);
      await once(socket, 'close');
    },
  };
}

/** A transaction of 4 kWh from its first message to its last. */
async function talk(url: string, name: string): Promise<void> {
  const station = await liveStation(url, name);
  const now = () => new Date().toISOString();
  await station.call('BootNotification', { chargePointVendor: 'Test', chargePointModel: 'One' });
  await station.call('StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Charging' });
  const start = { connectorId: 1, idTag: 'TAG', meterStart: 1000, timestamp: now() };
  const { transactionId } = await station.call('StartTransaction', start);
  for (const value of ['1500', '3000']) {
    const meterValue = [{ timestamp: now(), sampledValue: [{ value }] }];
    await station.call('MeterValues', { connectorId: 1, transactionId, meterValue });
  }
  await station.call('StopTransaction', { transactionId, meterStop: 5000, timestamp: now() });
  await station.call('Heartbeat', {});
  await station.end();
}

const root = mkdtempSync(join(tmpdir(), 'chargeproof-two-witnesses-'));
const live = join(root, 'live');
let traces: ReadonlyMap<string, readonly Traced[]>;
let before: ReadonlyMap<string, Seen>;
/** With another witness's recordings among it, one of each station. */
let after: ReadonlyMap<string, Seen>;

beforeAll(async () => {
  const gateway = await startGatewayProcess({
    [variableName('data', 'folder')]: live,
    [variableName('gateway', 'port')]: '0',
    [variableName('runtime', 'logLevel')]: 'warn',
  });
  await Promise.all(STATIONS.map((station) => talk(gateway.address, station)));
  await gateway.signal('SIGTERM');
  const lines = await exported(live);
  traces = new Map(
    STATIONS.map((station) => [station, lines.filter(({ chargePointId }) => chargePointId === station)]),
  );
  before = await asked(live);
  const files = [
    ...CLOCKS.map(([, station, shift]) => recorded(station, traceOf(station), shift)),
    recorded(MISSED, withMissed().whole, -HOUR),
  ];
  expect(await imported(live, ...files)).toMatchObject({
    frames: lines.length + withMissed().missed.length,
    alreadyKnown: 0,
  });
  after = await asked(live);
}, 120_000);
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

const traceOf = (station: string) => traces.get(station) ?? [];

/** @returns the file */
function recorded(station: string, lines: readonly Traced[], shift: number): string {
  const shifted = lines.map((line) => ({
    ...line,
    timestamp: new Date(Date.parse(line.timestamp) + shift).toISOString(),
  }));
  const file = join(root, `${station}.jsonl`);
  writeFileSync(file, shifted.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return file;
}

/** What the gateway saw, and a CALL with its answer that it did not. */
function withMissed() {
  const trace = traceOf(MISSED);
  const stop = trace.findIndex(({ raw }) => raw.includes('StopTransaction'));
  const at = trace[stop]?.timestamp ?? '';
  const missed = [
    { ...trace[stop], raw: '[2,"missed","Heartbeat",{}]', direction: 'cp-to-csms' },
    { ...trace[stop], raw: `[3,"missed",{"currentTime":"${at}"}]`, direction: 'csms-to-cp' },
  ] as Traced[];
  return { missed, whole: [...trace.slice(0, stop), ...missed, ...trace.slice(stop)] };
}

function seenOf(station: string) {
  const [then, now] = [before.get(station), after.get(station)];
  if (then === undefined || now === undefined) throw new Error(`nothing is told of ${station}`);
  return { then, now, imports: now.frames.nodes.filter(({ witness }) => witness === 'IMPORT') };
}

describe('a recording of what the gateway saw itself', () => {
  it.each(STATIONS)('has something to say, live, of %s', (station) => {
    const { then } = seenOf(station);
    expect(traceOf(station)).toHaveLength(14);
    expect(then.energy.entries).toMatchObject([{ energyWh: '4000', station }]);
    expect(then.transactions.nodes).toHaveLength(1);
  });

  it.each(CLOCKS)('%s is told as the same, frame by frame, and changes no figure', (_, station) => {
    const { then, now, imports } = seenOf(station);
    const wire = new Map(now.frames.nodes.map((frame) => [frame.id, frame]));
    const { length } = traceOf(station);
    expect(imports).toHaveLength(length);
    for (const { text, direction, sameAs } of imports) {
      expect(wire.get(sameAs ?? '')).toMatchObject({ witness: 'WIRE', text, direction });
    }
    expect(new Set(imports.map(({ sameAs }) => sameAs)).size).toBe(length);
    expect({ ...now, frames: [] }).toEqual({ ...then, frames: [] });
  });

  it('fills what the gateway missed, and says so', () => {
    const { then, now, imports } = seenOf(MISSED);
    const { missed, whole } = withMissed();
    const alone = imports.filter(({ sameAs }) => sameAs === null);
    expect(alone.map(({ text }) => text).sort()).toEqual(missed.map(({ raw }) => raw).sort());
    expect(imports).toHaveLength(whole.length);
    expect(Number(now.exchanges.totalCount)).toBe(Number(then.exchanges.totalCount) + 1);
    expect([now.energy, now.transactions]).toEqual([then.energy, then.transactions]);
  });
});
