import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { variableName } from '@chargeproof/config';
import {
  type CentralSystem,
  Ledger,
  seeded,
  SimulatedStation,
  startCentralSystem,
} from '@chargeproof/simulator';
import type { Row } from '@chargeproof/tables';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, End } from './gateway/ends.ts';
import { type GatewayProcess, startGatewayProcess } from './gateway/gateway-process.ts';
import { project } from './gateway/project.ts';
import { until } from './gateway/until.ts';

// Two runs of the real gateway over one folder: the first is killed with a station connected, the second
// stops in order. What the three projections say of it is compared with what the stations know.
const folder = mkdtempSync(join(tmpdir(), 'chargeproof-live-'));
const ledger = new Ledger();
const profile = { vendor: 'Test', model: 'One', firmwareVersion: '1', connectors: 1, maxWatts: 22_000 };
let csms: CentralSystem;
let rows: Readonly<Record<'connections' | 'exchanges' | 'coverage', readonly Row[]>>;
let runs: readonly string[];

const startRun = () =>
  startGatewayProcess({
    [variableName('data', 'folder')]: folder,
    [variableName('gateway', 'port')]: '0',
    [variableName('gateway', 'upstream')]: csms.url,
    [variableName('gateway', 'tickSeconds')]: '1',
    [variableName('runtime', 'logLevel')]: 'warn',
  });

function stationOf(identity: string, { address }: GatewayProcess): SimulatedStation {
  const url = `${address}/ocpp`;
  return new SimulatedStation({
    profile: { ...profile, identity },
    url,
    ledger,
    random: seeded(identity),
    now: Date.now,
    pause,
  });
}

beforeAll(async () => {
  csms = await startCentralSystem({ ledger, now: Date.now, heartbeatSeconds: 60 });
  const first = await startRun();
  const orderly = stationOf('ORDERLY', first);
  await orderly.connect();
  await orderly.charge(1, { samples: 3, sampleMilliseconds: 1 });
  await orderly.disconnect();
  const odd = await connect(`${first.address}/ocpp/ODD`, ['ocpp1.6']);
  if (!(odd instanceof End)) throw new Error(odd.reason);
  odd.send('[3,"never asked",{}]');
  odd.send('[2,"1","Juggle",{}]');
  await until(() => odd.got.length === 1);
  odd.socket.close(4000, 'odd as ever');
  await odd.closed;
  const held = stationOf('HELD', first);
  await held.connect();
  await first.signal('SIGKILL');

  const second = await startRun();
  const again = stationOf('HELD', second);
  await again.connect();
  await again.disconnect();
  await second.signal('SIGTERM');
  await csms.close();
  runs = [first.run, second.run];
  rows = await project(folder, async (store) => ({
    connections: await store.select<Row>('SELECT * FROM connections_v1 FINAL ORDER BY opened'),
    exchanges: await store.select<Row>('SELECT * FROM exchanges_v1 FINAL ORDER BY called'),
    coverage: await store.select<Row>('SELECT * FROM coverage_v4 FINAL ORDER BY began'),
  }));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const connectionsOf = (station: string) => rows.connections.filter((row) => row.station === station);
const exchangesOf = (station: string) => rows.exchanges.filter((row) => row.station === station);

describe('over live traffic', () => {
  it('connections are closed by whom and why, with as many frames as both sides know', () => {
    const sentBy = (by: 'station' | 'csms') =>
      ledger.entries.filter(
        (entry) => entry.station === 'ORDERLY' && entry.by === by && entry.event === 'sent',
      ).length;
    expect(connectionsOf('ORDERLY')).toMatchObject([
      {
        state: 'closed',
        code: 1000,
        by: 'station',
        why: 'going down',
        subprotocol: 'ocpp1.6',
        upstream: 'accepted',
        previous: null,
        frames_from_station: sentBy('station'),
        frames_to_station: sentBy('csms'),
      },
    ]);
    expect(connectionsOf('ODD')).toMatchObject([
      { state: 'closed', code: 4000, why: 'odd as ever', by: 'station' },
    ]);
  });

  it('a connection is lost with its gateway, and the next one names it', () => {
    const [lost, next] = connectionsOf('HELD');
    expect(lost).toMatchObject({ state: 'lost', why: 'run-died', by: 'gateway', closed: null, run: runs[0] });
    expect(next).toMatchObject({
      state: 'closed',
      run: runs[1],
      previous: lost?.connection,
      previous_of_run: null,
    });
  });

  it('exchanges pair every CALL with its answer, and measure it', () => {
    const calls = ledger.entries.filter(
      (entry) => entry.station === 'ORDERLY' && entry.by === 'station' && entry.event === 'sent',
    );
    const exchanges = exchangesOf('ORDERLY');
    expect(exchanges).toHaveLength(calls.length);
    for (const exchange of exchanges) {
      expect(exchange).toMatchObject({ outcome: 'result', direction: 'station-to-csms' });
      expect(Number(exchange.latency)).toBeGreaterThan(0);
      expect(exchange.answer_record).not.toBe(exchange.call_record);
    }
    expect(exchanges[0]).toMatchObject({ action: 'BootNotification' });
  });

  it('an answer that nobody asked for is an orphan, a CALLERROR an error', () => {
    expect(exchangesOf('ODD').map(({ outcome, error_code }) => [outcome, error_code])).toEqual(
      expect.arrayContaining([
        ['orphan', null],
        ['error', 'NotImplemented'],
      ]) as unknown,
    );
  });

  it('coverage tells for each run and partition whether it was watched to a clean end', () => {
    const of = (run: string | undefined) => rows.coverage.filter((row) => row.run === run);
    expect(new Set(of(runs[0]).map(({ partition }) => partition)).size).toBe(24);
    expect(new Set(of(runs[0]).map(({ clean }) => clean))).toEqual(new Set([false]));
    expect(new Set(of(runs[1]).map(({ partition }) => partition)).size).toBe(24);
    expect(new Set(of(runs[1]).map(({ clean }) => clean))).toEqual(new Set([true]));
  });
});
