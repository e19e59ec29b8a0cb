import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childEnvironment, variableName } from '@chargeproof/config';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { offerClickHouse } from '../fixtures/clickhouse-server.ts';
import { ask } from './cli/command.ts';
import { connect, End } from './gateway/ends.ts';

const APPS = new URL('../../apps/', import.meta.url);
const FRAMES = 20;

type Process = {
  readonly address: string;
  readonly health?: string;
  stop(): Promise<void>;
};

async function start(app: string, settings: Readonly<Record<string, string>>): Promise<Process> {
  const child = fork(new URL(`${app}/dist/main.js`, APPS), {
    env: childEnvironment(settings),
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  const told = await Promise.race([once(child, 'message'), ended]);
  if (typeof told[0] === 'number') throw new Error(`${app} ended with ${told[0]}`);
  return {
    ...(told[0] as { address: string; health?: string }),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Name and labels of a figure → its value. */
async function figures(address: string): Promise<ReadonlyMap<string, number>> {
  const text = await (await fetch(`${address}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line.startsWith('chargeproof_'));
  return new Map(
    lines.map((line) => [line.slice(12, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]),
  );
}

const sumOf = (of: ReadonlyMap<string, number>, name: string) =>
  [...of].filter(([key]) => key.startsWith(name)).reduce((sum, [, value]) => sum + value, 0);

async function ready(address: string): Promise<unknown> {
  for (let tries = 0; ; tries++) {
    const response = await fetch(`${address}/readyz`);
    const said = (await response.json()) as { status: string };
    if (response.ok || tries === 100) return said;
    await new Promise((next) => setTimeout(next, 50));
  }
}

async function talk(gateway: string): Promise<void> {
  const end = await connect(`${gateway}/ocpp/CP-1`, ['ocpp1.6']);
  if (!(end instanceof End)) throw new Error('the station was refused');
  for (let call = 0; call < FRAMES; call++) end.send(`[2,"${call}","Heartbeat",{}]`);
  while (end.got.length < FRAMES) await new Promise((next) => setTimeout(next, 5));
  end.socket.close();
  await end.closed;
}

/** A figure that is about to be so. */
async function until(read: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200 && !(await read()); tries++)
    await new Promise((next) => setTimeout(next, 50));
}

let data: string;
let gateway: Process;
beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'chargeproof-operations-'));
  gateway = await start('gateway', {
    [variableName('data', 'folder')]: data,
    [variableName('gateway', 'port')]: '0',
    [variableName('runtime', 'logLevel')]: 'warn',
  });
  await talk(gateway.address);
});
afterAll(async () => {
  await gateway.stop();
  rmSync(data, { recursive: true, force: true });
});

const common = () => ({
  [variableName('data', 'folder')]: data,
  [variableName('runtime', 'logLevel')]: 'warn',
});

async function foldsEverything(address: string): Promise<ReadonlyMap<string, number>> {
  expect(await ready(address)).toEqual({ status: 'ready' });
  await until(async () => sumOf(await figures(address), 'rows_written_total') > 2 * FRAMES);
  const told = await figures(address);
  expect(sumOf(told, 'records_folded_total')).toBeGreaterThan(2 * FRAMES);
  expect([...told.keys()].filter((name) => name.startsWith('folded_offset{'))).toHaveLength(24);
  await until(async () => sumOf(await figures(address), 'lag_records') === 0);
  expect(told.get('decisions_lag_records')).toBe(0);
  expect(told.get('batch_seconds_count')).toBeGreaterThan(0);
  return told;
}

describe('those who run it are told', () => {
  it('by the gateway what went through it', async () => {
    const address = gateway.address.replace('ws:', 'http:');
    expect(await ready(address)).toEqual({ status: 'ready' });
    const told = await figures(address);
    expect(told.get('frames_total{direction="station-to-csms"}')).toBe(FRAMES);
    expect(told.get('relay_seconds_count{direction="csms-to-station"}')).toBe(FRAMES);
  });

  it('by the query process how far the tables are, and what is asked of it', async () => {
    const query = await start('api', { ...common(), [variableName('api', 'port')]: '0' });
    try {
      await ask(`${query.address}/graphql`, '{ stations { nodes { station } } }');
      const told = await foldsEverything(query.address);
      expect(told.get('graphql_requests_total{outcome="answered"}')).toBe(1);
      // Longer than the minute after which balancers let go.
      const { headers } = await fetch(`${query.address}/healthz`);
      expect(headers.get('keep-alive')).toBe('timeout=75');
    } finally {
      await query.stop();
    }
  });

  const offer = offerClickHouse();
  it.skipIf('missing' in offer)('by a projector of its own, on a ClickHouse server', async () => {
    if ('missing' in offer) return;
    const server = await offer.start();
    const projector = await start('projector', {
      ...common(),
      [variableName('store', 'url')]: server.url,
      [variableName('store', 'username')]: server.username,
      [variableName('store', 'password')]: server.password,
      [variableName('store', 'database')]: `operations_${process.pid}`,
    });
    try {
      await foldsEverything(projector.health ?? '');
    } finally {
      await projector.stop();
      await server.stop();
    }
  });
});
