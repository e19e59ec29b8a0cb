import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { variableName } from '@chargeproof/config';
import type { RPCClient } from 'ocpp-rpc';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { strictStation } from './central-system/rpc.ts';
import { ask, RunningCommand } from './cli/command.ts';

const data = mkdtempSync(join(tmpdir(), 'chargeproof-supervision-'));
const leaving: (() => unknown)[] = [];
afterEach(async () => {
  for (const leave of leaving.splice(0).toReversed()) await leave();
});
afterAll(() => {
  rmSync(data, { recursive: true, force: true });
});

const PATIENCE = { timeout: 60_000, interval: 200 };

type Place = { readonly stations: string; readonly questions: string };

/** `npm start` in that folder, on free ports. */
async function started(): Promise<RunningCommand & { readonly place: Place }> {
  const running = new RunningCommand(['start'], {
    [variableName('data', 'folder')]: data,
    [variableName('gateway', 'port')]: '0',
    [variableName('api', 'port')]: '0',
    // Whatever is recorded, the station began it.
    [variableName('centralSystem', 'readConfiguration')]: 'false',
  });
  leaving.push(() => {
    running.signal('SIGTERM');
    return running.finished;
  });
  const [, stations = ''] = await running.said(/Point a station at +(\S+)\/<station>/);
  const [, questions = ''] = await running.said(/Ask questions at +(\S+)/);
  return Object.assign(running, { place: { stations, questions } });
}

const pidOf = (owner: 'ingest' | 'query') =>
  (JSON.parse(readFileSync(join(data, `${owner}.json`), 'utf8')) as { pid: number }).pid;

/** As the kernel does it where memory is short. */
function kill(owner: 'ingest' | 'query'): void {
  process.kill(pidOf(owner), 'SIGKILL');
}

async function connected({ stations }: Place, identity: string): Promise<RPCClient> {
  const station = await strictStation(stations, identity);
  leaving.push(() => station.close({}).catch(() => undefined));
  return station;
}

const boot = (station: RPCClient) =>
  station.call('BootNotification', { chargePointVendor: 'Nordic', chargePointModel: 'One' });
const heartbeats = async (station: RPCClient, count: number) => {
  for (let nth = 0; nth < count; nth++) await station.call('Heartbeat', {});
};

/** The station's frames that a question finds; -1 where nobody is there to ask. */
const framesShown = ({ questions }: Place, identity: string) =>
  ask<{ frameCounts: { total: string } }>(
    questions,
    'query ($station: [String!]) { frameCounts(filter: { station: $station }) { total } }',
    { station: [identity] },
  ).then(
    ({ frameCounts }) => Number(frameCounts.total),
    () => -1,
  );

// Each starts up to six processes.
describe('npm start, where one of its processes dies', { timeout: 180_000 }, () => {
  it('drops no station for the query process: frames are answered, and questions come back at the same address with all of them', async () => {
    const running = await started();
    const station = await connected(running.place, 'CP-1');
    let isOpen = true;
    station.once('close', () => (isOpen = false));
    await boot(station);
    await expect.poll(() => framesShown(running.place, 'CP-1'), PATIENCE).toBe(2);

    kill('query');
    await running.said(/^api ended by itself with 137; it is started again in 0\.5 s, time 1\.$/m);
    expect(await framesShown(running.place, 'CP-1')).toBe(-1);
    await heartbeats(station, 5);
    await expect.poll(() => framesShown(running.place, 'CP-1'), PATIENCE).toBe(12);

    kill('query');
    await running.said(/^api ended by itself with 137; it is started again in 1 s, time 2\.$/m);
    await heartbeats(station, 1);
    expect(isOpen).toBe(true);
    // Between a death and the next start it ends as ever.
    running.signal('SIGTERM');
    expect(await running.finished).toMatchObject({ code: 0 });
  });

  it('starts the gateway again where stations find it, and ends where that cannot be', async () => {
    const running = await started();
    const station = await connected(running.place, 'CP-2');
    await boot(station);
    const closed = once(station, 'close');
    kill('ingest');
    await closed;
    await running.said(/^gateway ended by itself with 137; it is started again in 0\.5 s, time 1\.$/m);

    let again: RPCClient | undefined;
    await expect
      .poll(async () => (again = await connected(running.place, 'CP-2').catch(() => undefined)), PATIENCE)
      .toBeDefined();
    await boot(again as unknown as RPCClient);
    await expect.poll(() => framesShown(running.place, 'CP-2'), PATIENCE).toBe(4);

    kill('ingest');
    await running.said(/^gateway ended .* time 2\.$/m);
    const { hostname, port } = new URL(running.place.stations);
    const other = createServer().listen(Number(port), hostname);
    leaving.push(() => other.close());
    await once(other, 'listening');
    const { code, stderr } = await running.finished;
    expect(code).toBe(1);
    expect(stderr).toContain(`port ${port} of ${hostname} is in use`);
    expect(stderr).toMatch(/The gateway cannot be started again; the lines above say why\. .*\n$/);
    expect(await framesShown(running.place, 'CP-2')).toBe(-1);
  });

  it('starts nothing again where all were asked to end, as Ctrl-C does in a terminal', async () => {
    const running = await started();
    const children = [pidOf('ingest'), pidOf('query')];
    running.signal('SIGINT');
    for (const pid of children) process.kill(pid, 'SIGINT');
    const { code, stderr } = await running.finished;
    expect(code).toBe(0);
    expect(stderr).not.toContain('started again');
  });
});
