import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { dataLayout, variableName } from '@chargeproof/config';
import { openSqliteLogReader } from '@chargeproof/log-sqlite';
import { PROJECTIONS } from '@chargeproof/projections';
import { openEmbeddedStore } from '@chargeproof/store';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RunningCommand } from '../e2e/cli/command.ts';
import { type GatewayProcess, startGatewayProcess } from '../e2e/gateway/gateway-process.ts';
import { readEverything } from '../e2e/gateway/recorded.ts';
import { imported, trace } from '../e2e/importing/folder.ts';
import { digestsOf, foldAll } from '../fixtures/projector.ts';
import { traffic } from './projector-traffic.ts';
import { randomFrom } from './random.ts';

const KILLS = 3;
const SEED = 5;
/** An import is killed at a moment drawn from this long after its first frames are in the log. */
const LONGEST_MS = 60;

let root: string;
let recording: string;
/** Of an import that nobody disturbed. */
let whole: string;
let frames: number;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'chargeproof-import-kill-'));
  const lines = [...recordingOf({ stations: 6, calls: 8000, seed: SEED })];
  frames = lines.length;
  recording = join(root, 'recording.jsonl');
  writeFileSync(recording, lines.join(''));
  whole = join(root, 'whole');
  await imported(whole, recording);
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

/** The frames of a fleet as Open OCPP Trace, station by station. */
function* recordingOf(options: Parameters<typeof traffic>[0]): Generator<string> {
  const decoder = new TextDecoder();
  const sent = [...traffic(options)].filter(({ attributes }) => attributes.type === 'ocpp.frame.v1');
  for (const { attributes, value } of sent.sort((a, b) => a.attributes.time - b.attributes.time)) {
    const at = new Date(attributes.time / 1000).toISOString();
    const direction = attributes.direction === 'station-to-csms' ? 'cp-to-csms' : 'csms-to-cp';
    yield trace(at, decoder.decode(value), attributes.subject, direction);
  }
}

it(
  `holds each frame once, and says what a whole import says, after ${KILLS} kills of it`,
  { timeout: 180_000 },
  async () => {
    const data = folderLike(whole, 'at-rest');
    expect(await importedInLives(data, randomFrom(SEED))).toBeGreaterThan(0);
    await expectWhole(data);
  },
);

it('does so through a running gateway, which is killed, too', { timeout: 180_000 }, async () => {
  const data = folderLike(whole, 'running');
  let gateway = await gatewayOn(data);
  const random = randomFrom(SEED + 1);
  expect(await importedInLives(data, random, KILLS - 1)).toBeGreaterThan(0);
  const last = new RunningCommand(['import', '--data', data, recording]);
  await pause(500 + random() * 500);
  await gateway.signal('SIGKILL');
  await last.finished;
  gateway = await gatewayOn(data);
  await imported(data, recording);
  await gateway.signal('SIGTERM');
  await expectWhole(data);
});

const gatewayOn = (data: string): Promise<GatewayProcess> =>
  startGatewayProcess({
    [variableName('data', 'folder')]: data,
    [variableName('gateway', 'port')]: '0',
    [variableName('runtime', 'logLevel')]: 'error',
  });

/** An empty folder with the same keys: the same frames have the same ids in both. */
function folderLike(other: string, name: string): string {
  const data = join(root, name);
  const { keys } = dataLayout(data);
  mkdirSync(dirname(keys), { recursive: true });
  cpSync(dataLayout(other).keys, keys, { recursive: true });
  return data;
}

/** Imports until it is whole; most lives are killed. @returns how many were killed with some frames in, and some not */
async function importedInLives(data: string, random: () => number, kills = KILLS): Promise<number> {
  let halved = 0;
  for (let life = 0; life < kills; life++) {
    const before = await framesIn(data);
    const end = await endOf(data);
    const running = new RunningCommand(['import', '--data', data, recording]);
    while (before < frames && (await endOf(data)) === end) await pause(2);
    await pause(random() * LONGEST_MS);
    running.signal('SIGKILL');
    await running.finished;
    const after = await framesIn(data);
    if (after > before && after < frames) halved++;
  }
  const there = await framesIn(data);
  expect(await imported(data, recording)).toMatchObject({ frames: frames - there, alreadyKnown: there });
  return halved;
}

const framesIn = async (data: string) =>
  (await readEverything(data).catch(() => [])).filter(({ attributes }) => attributes.type === 'ocpp.frame.v1')
    .length;

/** How many records the log holds; none where it is not there yet. */
async function endOf(data: string): Promise<number> {
  const log = await openSqliteLogReader({ folder: dataLayout(data).log }).catch(() => undefined);
  if (log === undefined) return 0;
  const ends = await log.end('ocpp.frames');
  await log.close();
  return [...ends.values()].reduce((sum, end) => sum + end, 0);
}

/** Each frame once, and the tables as they are of the import that nobody disturbed. */
async function expectWhole(data: string): Promise<void> {
  const records = await readEverything(data);
  const of = (type: string) => records.filter(({ attributes }) => attributes.type === type);
  const ids = of('ocpp.frame.v1').map(({ attributes }) => attributes.id);
  expect(ids).toHaveLength(frames);
  expect(new Set(ids).size).toBe(frames);
  expect(await digestsIn(data)).toEqual(await digestsIn(whole));
}

/** What the read models say of the stations, but not which recording said it. */
const TOLD = PROJECTIONS.filter(({ name }) => !['connections', 'coverage'].includes(name)).map((one) => {
  const values = Object.entries(one.values).filter(([column]) => column !== 'connection');
  return { ...one, values: Object.fromEntries(values) };
});

async function digestsIn(data: string): Promise<Readonly<Record<string, string>>> {
  const log = await openSqliteLogReader({ folder: dataLayout(data).log });
  const database = `test_${data.replace(/\W/g, '_')}`;
  const store = await openEmbeddedStore({ path: join(root, 'store'), database, threadPoolSize: 16 });
  await (await foldAll(log, store)).stop();
  const digests = await digestsOf(store, TOLD);
  await store.close();
  await log.close();
  return digests;
}
