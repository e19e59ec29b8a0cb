import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataLayout, variableName } from '@chargeproof/config';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningCommand } from './cli/command.ts';
import { connect, End } from './gateway/ends.ts';
import { type GatewayProcess, startGatewayProcess } from './gateway/gateway-process.ts';
import { project } from './gateway/project.ts';
import { keysOf, ofStation, readEverything, wireOf } from './gateway/recorded.ts';
import { exported, runExport } from './importing/folder.ts';
import { everythingIn, isFound } from './sealing/search.ts';
import { until } from './gateway/until.ts';

type Listed = { readonly id: string; readonly state: string };
const STATION = 'CP-1';
const TAG = 'TAGqZx7Kw01';
const boot = '[2,"b","BootNotification",{"chargePointVendor":"V","chargePointModel":"M"}]';
const start = (id: string, tag: string, at: string) =>
  `[2,"${id}","StartTransaction",{"connectorId":1,"idTag":"${tag}","meterStart":1000,"timestamp":"${at}"}]`;
const stop = (id: string, transactionId: number, tag: string, at: string) =>
  `[2,"${id}","StopTransaction",{"transactionId":${transactionId},"idTag":"${tag}","meterStop":9000,"timestamp":"${at}"}]`;

const root = mkdtempSync(join(tmpdir(), 'chargeproof-keys-'));
const data = join(root, 'data');
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

async function keys(...args: readonly string[]) {
  const { code, stdout, stderr } = await new RunningCommand(['keys', ...args, '--data', data, '--json'])
    .finished;
  const listed = stdout === '' ? [] : (JSON.parse(stdout) as { keys: readonly Listed[] }).keys;
  return { code, stderr, listed, current: listed.find(({ state }) => state === 'current')?.id ?? '' };
}

/** What the station sent, as text. */
const sent: string[] = [];

/** Sends a call and waits for its answer. */
async function call(end: End, frame: string): Promise<Record<string, unknown>> {
  const answer = once(end.socket, 'message') as Promise<[Buffer]>;
  sent.push(frame);
  end.send(frame);
  const [, , payload] = JSON.parse(String((await answer)[0])) as [3, string, Record<string, unknown>];
  return payload;
}

/** One transaction by a tag, as a station has it. */
async function charge(end: End, number: number, tag: string): Promise<void> {
  const { transactionId } = await call(end, start(`s${number}`, tag, `2026-01-0${number}T08:00:00Z`));
  await call(end, stop(`e${number}`, Number(transactionId), tag, `2026-01-0${number}T09:00:00Z`));
}

/** Every row of every history of facts, by a fold of the whole log into new tables. */
async function foldedAnew(): Promise<readonly string[]> {
  rmSync(dataLayout(data).tables, { recursive: true, force: true });
  return project(data, async (store) => {
    const names = await store.select<{ name: string }>(
      `SELECT name FROM system.tables WHERE database = currentDatabase() AND match(name, '_facts_v[0-9]+$')`,
    );
    const rows = await Promise.all(names.map(({ name }) => store.select(`SELECT * FROM ${name}`)));
    return rows.map(
      (each, at) =>
        `${names[at]?.name} ${each
          .map((row) => JSON.stringify(row))
          .sort()
          .join()}`,
    );
  });
}

describe(
  'a folder whose key is rotated under a running gateway, and whose old key is erased',
  { timeout: 120_000 },
  () => {
    let gateway: GatewayProcess;
    let end: End;
    let first: string;
    let second: string;
    let told: Awaited<ReturnType<typeof keys>>;

    beforeAll(async () => {
      gateway = await startGatewayProcess({
        [variableName('data', 'folder')]: data,
        [variableName('gateway', 'port')]: '0',
      });
      const connected = await connect(`${gateway.address}/ocpp/${STATION}`, ['ocpp1.6']);
      if (!(connected instanceof End)) throw new Error(`refused: ${connected.reason}`);
      end = connected;
      await call(end, boot);
      await charge(end, 1, TAG);
      first = (await keys('list')).current;
      told = await keys('rotate');
      second = told.current;
      await until(() => gateway.said().includes('the key file was read anew'));
      await charge(end, 2, TAG.toLowerCase());
      end.socket.close();
      await gateway.signal('SIGTERM');
    }, 120_000);

    const frames = async () =>
      ofStation(await readEverything(data), STATION).filter(
        ({ attributes: { type, direction } }) => type === 'ocpp.frame.v1' && direction === 'station-to-csms',
      );
    const keysOfFrames = async () =>
      (await frames()).flatMap(({ attributes: { sealed } }) => sealed?.values.map(({ key }) => key) ?? []);

    it('has the new key for what came afterwards, without a restart', async () => {
      expect(told.code).toBe(0);
      expect(told.listed.map(({ id, state }) => [id, state])).toEqual([
        [first, 'kept'],
        [second, 'current'],
      ]);
      expect(await keysOfFrames()).toEqual([first, first, second, second]);
    });

    it('opens all of it', async () => {
      expect(wireOf(await frames(), 'station-to-csms', await keysOf(data))).toEqual(end.sent);
      const raw = (await exported(data, '--station', STATION)).filter(
        ({ direction }) => direction === 'cp-to-csms',
      );
      expect(raw.map((line) => line.raw)).toEqual(sent);
    });

    it('keeps equal tags equal across the rotation', async () => {
      const tags = (await frames()).flatMap(
        ({ value }) => /"idTag":"(~[^"]+)"/.exec(Buffer.from(value).toString())?.[1] ?? [],
      );
      expect(tags.length).toBe(4);
      expect(new Set(tags).size).toBe(1);
    });

    it('folds to the same facts when the old key is erased, and says what it can no longer open', async () => {
      const before = await foldedAnew();
      expect((await keys('erase', second)).stderr).toMatch(/rotate first/);
      const erased = await keys('erase', first);
      expect(erased.code).toBe(0);
      expect(erased.listed.map(({ id, state }) => [id, state])).toEqual([
        [first, 'erased'],
        [second, 'current'],
      ]);
      expect(await foldedAnew()).toEqual(before);
      expect(before.some((rows) => rows.length > 1000)).toBe(true);
      const { code, stdout, stderr } = await runExport(data, '--station', STATION);
      expect(code).toBe(0);
      expect(stderr).toMatch(/^2 frames keep stand-ins in place of sealed values: their key is gone$/m);
      expect(stderr).toMatch(
        new RegExp(`^key ${first} was erased on \\S+: what it sealed can no longer be opened$`, 'm'),
      );
      expect(stdout).not.toContain(TAG);
      expect(stdout).toContain(TAG.toLowerCase());
    });

    it('is started again with the key that is left, and holds no tag', async () => {
      const again = await startGatewayProcess({
        [variableName('data', 'folder')]: data,
        [variableName('gateway', 'port')]: '0',
      });
      await again.signal('SIGTERM');
      const contents = await everythingIn(data);
      for (const tag of [TAG, TAG.toLowerCase()]) expect(isFound(contents, tag)).toBe(false);
      expect(isFound(Buffer.from(gateway.said() + again.said()), TAG)).toBe(false);
    });
  },
);
