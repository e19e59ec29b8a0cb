import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { dataLayout, variableName } from '@chargeproof/config';
import { openKeyring } from '@chargeproof/keyring';
import { drain } from '@chargeproof/log/testing';
import { type KafkaOptions, openKafkaLogReader } from '@chargeproof/log-kafka';
import { makeTopic } from '@chargeproof/log-kafka/testing';
import type { LoggedRecord } from '@chargeproof/record';
import {
  type CentralSystem,
  Ledger,
  seeded,
  SimulatedStation,
  startCentralSystem,
} from '@chargeproof/simulator';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RunningCommand } from '../cli/command.ts';
import { ownName, type Servers } from '../cluster/servers.ts';
import { connect, End } from '../gateway/ends.ts';
import { type GatewayProcess, startGatewayProcess } from '../gateway/gateway-process.ts';
import { keysOf, payloadsOf, wireOf } from '../gateway/recorded.ts';
import { commandBoth, commandLive } from './commands.ts';
import { type AppProcess, startApp } from './processes.ts';
import { expectRecorded, figuresOf, wander, type Way } from './wandering.ts';

const PROFILE = { vendor: 'Test', model: 'One', firmwareVersion: '1', connectors: 1, maxWatts: 22_000 };
const BURST = 120;
type Settings = Readonly<Record<string, string>>;

/** Two gateways, a projector and an API, each a process, on one log and one database. */
export function twoGateways(here: () => Servers): void {
  const ledger = new Ledger();
  const started: GatewayProcess[] = [];
  const apps: AppProcess[] = [];
  let root: string;
  let csms: CentralSystem;
  let options: KafkaOptions;
  let settings: Settings;

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'chargeproof-two-gateways-'));
    csms = await startCentralSystem({ ledger, now: Date.now, heartbeatSeconds: 60 });
    const topicPrefix = `${ownName('two')}.`;
    options = { brokers: here().broker.brokers, clientId: 'chargeproof-test', topicPrefix, replication: 1 };
    const routes = join(root, 'routes.json');
    writeFileSync(routes, '{"BUILT-A":"built-in","BUILT-B":"built-in"}');
    settings = {
      ...here().log(topicPrefix),
      ...here().tables(ownName('two')),
      [variableName('gateway', 'port')]: '0',
      [variableName('gateway', 'upstream')]: csms.url,
      [variableName('gateway', 'routes')]: routes,
      // How whole the record is, is known from tick to tick; two that a busy machine lets lie 2.5 of these apart are a gap.
      [variableName('gateway', 'tickSeconds')]: '5',
      [variableName('runtime', 'logLevel')]: 'warn',
    };
    await gateway('a');
    cpSync(dataLayout(folder('a')).keys, dataLayout(folder('b')).keys, { recursive: true });
    await gateway('b');
    apps.push(await startApp('projector', inFolder('p')));
    apps.push(await startApp('api', { ...inFolder('q'), [variableName('api', 'port')]: '0' }));
  });
  afterAll(async () => {
    await Promise.all(started.map((each) => each.signal('SIGKILL')));
    await Promise.all(apps.map((each) => each.stop()));
    await csms.close();
    rmSync(root, { recursive: true, force: true });
  });

  const folder = (name: string) => join(root, name);
  const inFolder = (name: string) => ({ ...settings, [variableName('data', 'folder')]: folder(name) });
  async function gateway(name: string): Promise<GatewayProcess> {
    const process = await startGatewayProcess(inFolder(name));
    started.push(process);
    return process;
  }
  const [A, B] = [0, 1] as const;
  const station = (identity: string, at: number) =>
    new SimulatedStation({
      profile: { ...PROFILE, identity },
      url: `${started[at]?.address ?? ''}/ocpp`,
      ledger,
      random: seeded(identity),
      now: Date.now,
      pause,
    });
  const charged = async (identity: string, at: number) => {
    const charging = station(identity, at);
    await charging.connect();
    await charging.charge(1, { samples: 3, sampleMilliseconds: 1 });
    await charging.disconnect();
  };
  const records = async (): Promise<readonly LoggedRecord[]> => {
    const log = await openKafkaLogReader(options);
    const all = await drain(log);
    await log.close();
    return all;
  };
  const api = () => apps[1]?.ready.address ?? '';

  it('record at once what both ends of every connection saw, to the byte', async () => {
    await Promise.all([charged('CP-A', A), charged('CP-B', B), charged('CP-AB', A)]);
    await charged('CP-AB', B);
    const keys = await keysOf(folder('b'));
    const all = await records();
    for (const identity of ['CP-A', 'CP-B', 'CP-AB']) {
      const own = all.filter(({ attributes }) => attributes.subject === identity);
      const connections = [...Map.groupBy(own, ({ attributes }) => attributes.connection).values()];
      const frames = connections.flatMap((each) =>
        each.toSorted((one, other) => (one.attributes.sequence ?? 0) - (other.attributes.sequence ?? 0)),
      );
      for (const [direction, by, from] of [
        ['station-to-csms', 'station', 'csms'],
        ['csms-to-station', 'csms', 'station'],
      ] as const) {
        const seenBy = (who: 'station' | 'csms', event: 'sent' | 'received') =>
          ledger.entries
            .filter((entry) => entry.station === identity && entry.by === who && entry.event === event)
            .map(({ opcode, sha256 }) => `${opcode} ${sha256}`);
        const recorded = wireOf(frames, direction, keys);
        expect(recorded.length).toBeGreaterThan(5);
        expect(recorded).toEqual(seenBy(by, 'sent'));
        expect(recorded).toEqual(seenBy(from, 'received'));
      }
    }
  });

  it('give transactions ids that never meet', async () => {
    await Promise.all(['BUILT-A', 'BUILT-B'].map((identity, at) => charged(identity, at)));
    const ids = ledger.transactions
      .filter((transaction) => transaction.station.startsWith('BUILT'))
      .map(({ transactionId }) => transactionId);
    expect(ids).toHaveLength(2);
    expect(Math.abs((ids[0] ?? Number.NaN) - (ids[1] ?? Number.NaN))).toBeGreaterThanOrEqual(50_000 - 1000);
  });

  it('and a third give the figures that one gives of a transaction that wanders, and of a station that is at two at once', async () => {
    cpSync(dataLayout(folder('a')).keys, dataLayout(folder('c')).keys, { recursive: true });
    const third = await startGatewayProcess(inFolder('c'));
    try {
      const [a = '', b = ''] = started.map(({ address }) => address);
      const from = new Date().toISOString();
      const ways: readonly Way[] = [
        { station: 'STAYS', gateways: [a, a, a] },
        { station: 'WANDERS', gateways: [a, b, third.address] },
        { station: 'AT-TWO', gateways: [a, b, third.address], leavesOneOpen: true },
      ];
      const ids = await Promise.all(ways.map(wander));
      const to = new Date().toISOString();
      const all = await records();
      for (const [nth, way] of ways.entries()) {
        const runs = way.gateways.map((at) => [...started, third].find(({ address }) => address === at)?.run);
        expectRecorded(all, way, { ids: ids[nth] ?? [], runs });
      }
      const of = ({ station: identity }: Way) => figuresOf(api(), identity, { from, to });
      const [stays, ...others] = ways;
      if (stays === undefined) throw new Error('nobody stays');
      await expect
        .poll(() => of(stays), { timeout: 60_000, interval: 500 })
        .toMatchObject({
          transactions: { nodes: [{ kind: 'TRANSACTION', energy: { energyWh: '3000' } }] },
          energy: { entries: [{ energyWh: '3000' }] },
          stations: { nodes: [{ boots: '1', connectors: [{ connector: 1, status: 'Available' }] }] },
          completeness: { entries: [{ complete: true, unwatchedSeconds: '0', gaps: [] }] },
        });
      const expected = await of(stays);
      expect(expected.transactions.nodes[0]?.meterValues).toHaveLength(3);
      for (const way of others)
        await expect.poll(() => of(way), { timeout: 60_000, interval: 500 }).toEqual(expected);
    } finally {
      await third.signal('SIGTERM');
    }
  });

  it('tell of each frame of a burst once, in order, through an API that folds nothing', async () => {
    const client = createClient({ url: `${api().replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket });
    const told = new Map<string, number>();
    const order: string[] = [];
    const frames = client.iterate<{ frameRecorded: { text: string } }>({
      query: 'subscription { frameRecorded(filter: { station: ["BURST"] }) { text } }',
    });
    const following = (async () => {
      for await (const { data } of frames) {
        const id = /"(burst-\d+|first-\d+)"/.exec(data?.frameRecorded.text ?? '')?.[1] ?? '';
        told.set(id, performance.now());
        if (id.startsWith('burst')) order.push(id);
      }
    })();
    const end = await connect(`${started[B]?.address ?? ''}/ocpp/BURST`, ['ocpp1.6']);
    if (!(end instanceof End)) throw new Error(end.reason);
    // A subscription is there once a frame of its own comes back: until then nobody can know.
    for (let first = 0; told.size === 0; first += 1) {
      end.send(`[3,"first-${first}",{}]`);
      await pause(100);
    }
    const sent = Array.from({ length: BURST }, (_, at) => `burst-${at}`);
    const began = performance.now();
    for (const id of sent) end.send(`[3,"${id}",{}]`);
    await expect.poll(() => told.has(`burst-${BURST - 1}`), { timeout: 30_000 }).toBe(true);
    expect(order).toEqual(sent);
    const slowest = Math.max(...sent.map((id) => (told.get(id) ?? Infinity) - began));
    expect(slowest).toBeLessThan(30_000);
    end.socket.terminate();
    await client.dispose();
    await following;
  });

  it('are asked about through the API that is named, or the one of the settings', async () => {
    const question = '{ stations(first: 9) { nodes { station } } }';
    const run = (more: readonly string[], given: Settings = settings) =>
      new RunningCommand(['query', question, ...more], given).finished;
    const named = await run(['--api', api()], {});
    expect(named.stderr).toBe('');
    expect(named.stdout).toContain('CP-AB');
    const byPort = { ...settings, [variableName('api', 'port')]: new URL(api()).port };
    expect((await run([], byPort)).stdout).toBe(named.stdout);
    const nobody = await run([], { ...settings, [variableName('api', 'port')]: '1' });
    expect([nobody.code, nobody.stderr]).toEqual([
      1,
      expect.stringMatching(
        /^no API answers at http:\/\/127.0.0.1:1: set \S+_API_HOST and \S+_API_PORT [^\n]+\n$/,
      ),
    ]);
  });

  it('carry out each command once, though both hold a socket of its station', async () => {
    await commandBoth({
      station: 'BUILT-A',
      gateways: started.map(({ address }) => address),
      api: api(),
      folders: { gateway: folder('a'), api: folder('q') },
    });
  });

  it('carry out a command where its station is heard, though its old socket is open elsewhere', async () => {
    const gateways = started.map(({ address }) => address);
    await commandLive({ station: 'BUILT-B', gateways, api: api() });
  });

  it('name the previous run of their own folder, and how it ended, whatever the other one did', async () => {
    const [a, b] = started;
    await a?.signal('SIGKILL');
    const again = await gateway('a');
    await b?.signal('SIGTERM');
    const other = await gateway('b');
    const begun = payloadsOf(await records(), 'recorder.run-started.v1');
    const previousOf = (run: string | undefined) =>
      new Set(begun.filter((each) => each.run === run).map(({ previous }) => JSON.stringify(previous)));
    expect(previousOf(again.run)).toEqual(new Set([JSON.stringify({ run: a?.run, endedCleanly: false })]));
    expect(previousOf(other.run)).toEqual(new Set([JSON.stringify({ run: b?.run, endedCleanly: true })]));
    expect(previousOf(a?.run)).toEqual(new Set([undefined]));
  });

  it('are refused in one line: without the key file, with another one, and in a folder that has a gateway', async () => {
    await expect(gateway('fresh')).rejects.toThrow(/keys.json is missing: what is sealed in this log/);
    await openKeyring(dataLayout(folder('stranger')).keys);
    await expect(gateway('stranger')).rejects.toThrow(
      /key file \S+stranger\S+ is another one \(\w+\) than the one this log is sealed with \(\w+\): put there the keys.json of whoever wrote run/,
    );
    await expect(gateway('a')).rejects.toThrow(
      /another gateway runs in \S+: set CHARGEPROOF_DATA_FOLDER of this one/,
    );
  });

  it('start on no topic that is not as the log needs it, nor does a projector or an API', async () => {
    const prefix = `${ownName('wrong')}.`;
    const config = { 'message.timestamp.type': 'CreateTime' };
    await makeTopic(options, { name: `${prefix}ocpp.frames`, partitions: 12, config });
    const wrong = { ...inFolder('wrong'), ...here().log(prefix) };
    const refusal =
      /the log cannot be kept there: topic \S+ocpp.frames has 12 partitions, not 24; topic \S+ has message.timestamp.type CreateTime, not LogAppendTime/;
    for (const start of [
      () => startGatewayProcess(wrong),
      () => startApp('projector', wrong),
      () => startApp('api', { ...wrong, [variableName('api', 'port')]: '0' }),
    ]) {
      const said: unknown = await start().catch((error: unknown) => error);
      const lines = String(said).match(/^.*has 12 partitions.*$/gm);
      expect(lines).toEqual([expect.stringMatching(refusal)]);
      expect(lines?.[0]).toContain('"level":60');
    }
  });
}
