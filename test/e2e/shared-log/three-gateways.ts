import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { dataLayout, variableName } from '@chargeproof/config';
import { drain } from '@chargeproof/log/testing';
import { type KafkaOptions, openKafkaLogReader } from '@chargeproof/log-kafka';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ownName, type Servers } from '../cluster/servers.ts';
import { type GatewayProcess, startGatewayProcess } from '../gateway/gateway-process.ts';
import { payloadsOf } from '../gateway/recorded.ts';
import { Balancer } from './balancer.ts';
import { Roaming } from './roaming.ts';

const STATIONS = 12;
const LOAD_MILLISECONDS = 1500;
const PATIENT = { timeout: 30_000 };
const GOING_AWAY = 1001;
const NO_FRAME = 1006;

/** Three gateways behind a balancer, one killed, one drained and one started while stations talk. */
export function threeGateways(here: () => Pick<Servers, 'broker' | 'log'>): void {
  const started: GatewayProcess[] = [];
  let root: string;
  let options: KafkaOptions;
  let settings: Readonly<Record<string, string>>;
  let balancer: Balancer;

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'chargeproof-three-gateways-'));
    const topicPrefix = `${ownName('three')}.`;
    options = { brokers: here().broker.brokers, clientId: 'chargeproof-test', topicPrefix, replication: 1 };
    settings = {
      ...here().log(topicPrefix),
      [variableName('gateway', 'port')]: '0',
      [variableName('gateway', 'drainSeconds')]: '3',
      [variableName('runtime', 'logLevel')]: 'warn',
    };
    balancer = await Balancer.start();
    for (const name of ['a', 'b', 'c']) await gateway(name);
  });
  afterAll(async () => {
    await balancer.stop();
    await Promise.all(started.map((each) => each.signal('SIGKILL')));
    rmSync(root, { recursive: true, force: true });
  });

  async function gateway(name: string): Promise<GatewayProcess> {
    const folder = join(root, name);
    // All but the first read the first one's key file where it lies.
    if (started.length > 0) {
      mkdirSync(folder, { recursive: true });
      symlinkSync(dataLayout(join(root, 'a')).keys, dataLayout(folder).keys);
    }
    const process = await startGatewayProcess({ ...settings, [variableName('data', 'folder')]: folder });
    started.push(process);
    balancer.add(process.address);
    return process;
  }

  it('lose no answered frame and double none, whatever becomes of one of them', async () => {
    const stations = Array.from({ length: STATIONS }, (_, nth) => new Roaming(`ROAM-${nth}`, balancer.url));
    const lives = stations.map((station) => station.live());
    const [killed, drained, stays] = started;
    await expect.poll(() => stations.every(({ answered }) => answered.length > 10), PATIENT).toBe(true);
    await killed?.signal('SIGKILL');
    const fresh = await gateway('d');
    await pause(LOAD_MILLISECONDS);
    const code = drained?.signal('SIGTERM');
    await expect
      .poll(() => balancer.ready, { timeout: 2900, interval: 20 })
      .toEqual([stays?.address, fresh.address]);
    expect(await code).toBe(0);
    await pause(LOAD_MILLISECONDS);
    for (const station of stations) station.end();
    await Promise.all(lives);

    const log = await openKafkaLogReader(options);
    const records = await drain(log);
    await log.close();
    const frames = records.filter(({ attributes }) => attributes.type === 'ocpp.frame.v1');
    for (const { identity, answered, sent, closes } of stations) {
      const own = frames.filter(({ attributes }) => attributes.subject === identity);
      const idsOf = (direction: string) =>
        own
          .filter(({ attributes }) => attributes.direction === direction)
          .map(({ value }) => (JSON.parse(new TextDecoder().decode(value)) as [number, string])[1]);
      const [up, down] = [idsOf('station-to-csms'), idsOf('csms-to-station')];
      expect(answered.length).toBeGreaterThan(20);
      for (const ids of [up, down]) {
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids).toEqual(expect.arrayContaining(answered));
        for (const id of ids) expect(sent).toContain(id);
      }
      // Who was on the drained one was told so, between its CALLs: only the killed one left any without its answer.
      expect(closes.filter((close) => close === NO_FRAME).length).toBeLessThanOrEqual(1);
      expect(sent.size - answered.length).toBeLessThanOrEqual(
        closes.filter((close) => close !== GOING_AWAY).length,
      );
    }
    const runs = new Set(frames.map(({ attributes }) => attributes.source));
    expect(runs).toEqual(new Set(started.map(({ run }) => run)));
    expect(stations.some(({ closes }) => closes.includes(GOING_AWAY))).toBe(true);
    const stopped = payloadsOf(records, 'recorder.run-stopped.v1');
    expect(new Set(stopped.map(({ run, reason }) => `${run} ${reason}`))).toEqual(
      new Set([`${drained?.run} SIGTERM`]),
    );
  });

  it('end at once, in order, when asked twice', async () => {
    const slow = await startGatewayProcess({
      ...settings,
      [variableName('gateway', 'drainSeconds')]: '600',
      [variableName('data', 'folder')]: join(root, 'b'),
    });
    const stations = Array.from({ length: 3 }, (_, nth) => new Roaming(`TWICE-${nth}`, slow.address));
    const lives = stations.map((station) => station.live());
    await expect.poll(() => stations.every(({ answered }) => answered.length > 0), PATIENT).toBe(true);
    const ended = slow.signal('SIGTERM');
    await expect.poll(() => stations.some(({ closes }) => closes.includes(GOING_AWAY)), PATIENT).toBe(true);
    const again = performance.now();
    expect(await Promise.race([ended, slow.signal('SIGTERM')])).toBe(0);
    expect(performance.now() - again).toBeLessThan(20_000);
    for (const station of stations) station.end();
    await Promise.all(lives);
  });
}
