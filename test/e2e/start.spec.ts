import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { variableName } from '@chargeproof/config';
import { Ledger, seeded, SimulatedStation, startCentralSystem } from '@chargeproof/simulator';
import { afterAll, describe, expect, it } from 'vitest';
import { ask, RunningCommand } from './cli/command.ts';

const data = mkdtempSync(join(tmpdir(), 'chargeproof-start-'));
afterAll(() => {
  rmSync(data, { recursive: true, force: true });
});

const UPSTREAM = variableName('gateway', 'upstream');
const API_PORT = variableName('api', 'port');
const start = (settings: Record<string, string>, ...args: string[]) =>
  new RunningCommand(['start', ...args], {
    [variableName('data', 'folder')]: data,
    [variableName('gateway', 'port')]: '0',
    [API_PORT]: '0',
    ...settings,
  });

const PROFILE = {
  identity: 'CP/1 ü',
  vendor: 'Test',
  model: 'One',
  firmwareVersion: '1',
  connectors: 1,
  maxWatts: 7000,
};

// Some start all processes, which a busy machine takes its time for.
describe('npm start', () => {
  it('with no CSMS answers a charger itself, and says where all is and how others get in', async () => {
    const running = start({});
    const [, url = ''] = await running.said(/Point a station at +(\S+)\/<station>/);
    await running.said(/answered by +the built-in central system, OCPP 1\.6/);
    const [, questions = ''] = await running.said(/Look at +(\S+)\n/);
    for (const [area, member] of [
      ['gateway', 'host'],
      ['gateway', 'credentials'],
      ['api', 'host'],
      ['api', 'token'],
    ] as const) {
      await running.said(new RegExp(`${variableName(area, member)}=`));
    }
    const ledger = new Ledger();
    const profile = { ...PROFILE, identity: 'ALONE' };
    const station = new SimulatedStation({ profile, url, ledger, random: seeded('a'), now: Date.now, pause });
    await station.connect();
    await station.charge(1, { samples: 2, sampleMilliseconds: 1 });
    await station.disconnect();
    const shown = async () => {
      const filter = { station: [profile.identity] };
      const counts = await ask<{ frameCounts: { total: string } }>(
        `${questions}/graphql`,
        'query ($filter: FrameFilter) { frameCounts(filter: $filter) { total } }',
        { filter },
      );
      return Number(counts.frameCounts.total);
    };
    const calls = [...ledger.sentByStation()].find(([name]) => name === 'ALONE')?.[1] ?? 0;
    // Each CALL of the station, and the gateway's answer to it.
    await expect.poll(shown, { timeout: 60_000 }).toBe(2 * calls);
    running.signal('SIGTERM');
    expect(await running.finished).toMatchObject({ code: 0 });
  });

  it('with a setting that is none says so and names the nearest', async () => {
    const { code, stderr } = await start({ CHARGEPROOF_GATEWAY_PROT: '1', [UPSTREAM]: 'ws://127.0.0.1:1' })
      .finished;
    expect(code).toBe(2);
    expect(stderr).toContain(
      'CHARGEPROOF_GATEWAY_PROT is no setting of ours; the nearest is CHARGEPROOF_GATEWAY_',
    );
  });

  it('with an option that is none names it', async () => {
    const { code, stderr } = await start({}, '--fast').finished;
    expect(code).toBe(2);
    expect(stderr).toMatch(/^[^\n]*'--fast'[^\n]*\n$/);
  });

  it('with a port in use says in one line which port, and which setting changes it', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    const { code, stderr } = await start({ [UPSTREAM]: 'ws://127.0.0.1:1', [API_PORT]: String(port) })
      .finished;
    taken.close();
    expect(code).toBe(2);
    expect(stderr).toBe(`Port ${port} of 127.0.0.1 is in use; set ${API_PORT} to another.\n`);
  });

  it('relays a real station to the CSMS, records it, and is refused to a second one in the same folder', async () => {
    const ledger = new Ledger();
    const csms = await startCentralSystem({ ledger, now: Date.now, heartbeatSeconds: 60 });
    const running = start({ [UPSTREAM]: csms.url });
    const [, url = ''] = await running.said(/Point a station at +(\S+)\/<station>/);
    const [, questions = ''] = await running.said(/Ask questions at +(\S+)/);
    const station = new SimulatedStation({
      profile: PROFILE,
      url,
      ledger,
      random: seeded('s'),
      now: Date.now,
      pause,
    });
    await station.connect();
    await station.charge(1, { samples: 2, sampleMilliseconds: 1 });
    await station.disconnect();
    const shown = async () => {
      const filter = { station: [PROFILE.identity] };
      const counts = await ask<{ frameCounts: { total: string } }>(
        questions,
        'query ($filter: FrameFilter) { frameCounts(filter: $filter) { total } }',
        { filter },
      );
      return Number(counts.frameCounts.total);
    };
    await expect.poll(shown, { timeout: 60_000 }).toBe(ledger.sentByStation().get(PROFILE.identity));
    const second = await start({ [UPSTREAM]: csms.url }).finished;
    expect(second.code).toBe(1);
    expect(second.stderr).toContain('LogOwned');
    running.signal('SIGTERM');
    expect(await running.finished).toMatchObject({ code: 0 });
    await csms.close();
  });
});
