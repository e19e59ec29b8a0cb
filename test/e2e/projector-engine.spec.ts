import type { AppendRequest, Log } from '@chargeproof/log';
import { createMemoryLog } from '@chargeproof/log';
import { digestOfHistory, factsTable, startEngine } from '@chargeproof/projection';
import type { Projection } from '@chargeproof/projection';
import { exchanges } from '@chargeproof/projections';
import { effectiveTime } from '@chargeproof/record';
import { openEmbeddedStore, openServerStore } from '@chargeproof/store';
import type { SchemaStore, Store } from '@chargeproof/tables';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mixedTraffic } from '../crash/mixed-traffic.ts';
import { nextRun, traffic } from '../crash/projector-traffic.ts';
import { randomFrom } from '../crash/random.ts';
import { SHARED_PROJECTIONS } from '../crash/shared-projections.ts';
import { offerClickHouse } from '../fixtures/clickhouse-server.ts';
import {
  countRows,
  digestsOf as digestsOfThese,
  doubled as doubledOf,
  foldAll as foldThese,
} from '../fixtures/projector.ts';
import { dropTestDatabase, testDatabaseName } from '../fixtures/test-database.ts';

/** Few: it is the engine that is tried here. All of them die with it in crash/projector.spec.ts. */
const PROJECTIONS = SHARED_PROJECTIONS;
const digestsOf = (store: Store) => digestsOfThese(store, PROJECTIONS);
const doubled = (store: Store) => doubledOf(store, PROJECTIONS);
const foldAll = (log: Log, store: Store, options = {}, projections: readonly Projection[] = PROJECTIONS) =>
  foldThese(log, store, options, projections);

const FLEET = { stations: 8, calls: 320, seed: 1, late: 0.25 };
/** A quarter of the stations reconnect, and the frames of their first connection come late. */
const LATE = [...traffic(FLEET)];
/** With other stations and their recordings among it. */
const MIXED = mixedTraffic({ ...FLEET, calls: 200 }, 200);
/** Of one batch at most: records, positions, states and two tables of each projection. */
const INSERTS = 2 * PROJECTIONS.length + 4;
const NOTHING_DOUBLED = Object.fromEntries(
  ['records', ...PROJECTIONS.map((one) => factsTable(one).name)].map((table) => [table, 0]),
);

let folder: string;
let databases = 0;
const open: SchemaStore[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'chargeproof-engine-'));
});
afterAll(async () => {
  for (const store of open) await store.close();
  rmSync(folder, { recursive: true, force: true });
});

async function freshStore(): Promise<SchemaStore> {
  const database = `test_${databases++}`;
  const store = await openEmbeddedStore({ path: folder, database, threadPoolSize: 16, durable: false });
  open.push(store);
  return store;
}

async function logOf(requests: readonly AppendRequest[]): Promise<Log> {
  const log = createMemoryLog();
  await log.append('ocpp.frames', requests);
  return log;
}

type Digests = Readonly<Record<string, string>>;

/** What a rebuild of the whole log into fresh tables says. */
async function rebuilt(requests: readonly AppendRequest[]): Promise<Digests> {
  const store = await freshStore();
  await (await foldAll(await logOf(requests), store)).stop();
  return digestsOf(store);
}

const known = new Map<readonly AppendRequest[], Promise<Digests>>();
/** As {@link rebuilt}, of traffic that several tests fold: it is rebuilt for the first of them. */
function rebuiltOnce(requests: typeof LATE | typeof MIXED): Promise<Digests> {
  const digests = known.get(requests) ?? rebuilt(requests);
  known.set(requests, digests);
  return digests;
}

/** An engine that dies a dozen times opens two tables a projection each time: half a minute, on a machine that is busy more. */
const MANY_LIVES = 180_000;

describe('the engine', () => {
  it('writes every record and fact once, and the newest facts are the current ones', async () => {
    const store = await freshStore();
    const log = await logOf(MIXED);
    const engine = await foldAll(log, store, { readRecords: 100, batchRows: 800 });
    expect((await engine.stats()).refolded).toBeGreaterThan(0);
    await engine.stop();
    expect(await countRows(store, 'records')).toBe(MIXED.length);
    expect(await doubled(store)).toEqual(NOTHING_DOUBLED);
    const digests = await digestsOf(store);
    for (const projection of PROJECTIONS) {
      expect(await digestOfHistory(store, projection)).toBe(digests[projection.name]);
      expect(digests[projection.name]).not.toMatch(/^0 /);
    }
    expect(digests).toEqual(await rebuiltOnce(MIXED));
  });

  it('says of late records what it says of records in effective order', async () => {
    const time = (request: AppendRequest) => effectiveTime(request.attributes);
    const ordered = await rebuilt(LATE.toSorted((a, b) => time(a) - time(b)));
    const store = await freshStore();
    const engine = await foldAll(await logOf(LATE), store, { readRecords: 100, batchRows: 1 });
    await engine.stop();
    expect(await digestsOf(store)).toEqual(ordered);
  });

  it('folds a station again whose records are more than one result may hold', async () => {
    const store = await freshStore();
    const narrow: Store = {
      ensureTables: (tables) => store.ensureTables(tables),
      insert: (table, rows) => store.insert(table, rows),
      close: () => store.close(),
      select: (sql, parameters) =>
        store.select(sql, parameters, sql.includes('other FROM records') ? { resultRows: 12 } : {}),
    };
    const log = await logOf(LATE);
    const options = { readRecords: 100, batchRows: 1, statesMs: 600_000, lateBytes: 5000 };
    const engine = await foldAll(log, narrow, options);
    expect((await engine.stats()).refolded).toBeGreaterThan(0);
    await engine.stop();
    expect(await digestsOf(store)).toEqual(await rebuiltOnce(LATE));
  });

  it('goes on after a clean stop from its states, and lets go of streams it has written', async () => {
    const store = await freshStore();
    const log = createMemoryLog();
    const cuts = [0, 150, 151, MIXED.length];
    for (const [index, start] of cuts.entries()) {
      await log.append('ocpp.frames', MIXED.slice(start, cuts[index + 1]));
      const engine = await foldAll(log, store, { mostStreams: 3, statesRecords: 50 });
      await engine.stop();
    }
    expect(await doubled(store)).toEqual(NOTHING_DOUBLED);
    expect(await digestsOf(store)).toEqual(await rebuiltOnce(MIXED));
  });

  it('hands what a run says to stations that nobody has spoken of since a restart', async () => {
    const store = await freshStore();
    const log = await logOf(LATE);
    await (await foldAll(log, store)).stop();
    await log.append('ocpp.frames', [...nextRun(LATE)]);
    await (await foldAll(log, store)).stop();
    const [lost] = await store.select<{ lost: number }>(
      "SELECT toUInt32(count()) AS lost FROM connections_v1 FINAL WHERE state = 'lost'",
    );
    expect(lost?.lost).toBeGreaterThan(3);
    expect(await digestsOf(store)).toEqual(await rebuilt([...LATE, ...nextRun(LATE)]));
  });

  it(
    'ends in the same tables when it dies between any two inserts',
    async () => {
      const store = await freshStore();
      const log = await logOf(MIXED);
      const random = randomFrom(1);
      const options = { readRecords: 100, batchRows: 1000, statesRecords: 160, rest: 0 };
      let deaths = 0;
      for (let processed = false; !processed;) {
        const dying = dyingAfter(store, Math.floor(random() * 1.8 * INSERTS), random() < 0.5);
        const engine = await startEngine({ log, store: dying, projections: PROJECTIONS, options });
        processed = await engine.whenProcessed(await log.end('ocpp.frames')).then(
          () => true,
          () => false,
        );
        if (!processed) deaths++;
        await engine.stop();
      }
      expect(deaths).toBeGreaterThan(3);
      expect(await countRows(store, 'records')).toBe(MIXED.length);
      expect(await doubled(store)).toEqual(NOTHING_DOUBLED);
      const digests = await digestsOf(store);
      for (const projection of PROJECTIONS)
        expect(await digestOfHistory(store, projection)).toBe(digests[projection.name]);
      expect(digests).toEqual(await rebuiltOnce(MIXED));
    },
    MANY_LIVES,
  );

  it(
    'would hold rows twice if it did not ask what is there (a control)',
    async () => {
      const store = await freshStore();
      const forgetful: Store = {
        ensureTables: (tables) => store.ensureTables(tables),
        insert: (table, rows) => store.insert(table, rows),
        close: () => store.close(),
        select: async (sql, ...rest) =>
          sql.includes('transform(log_partition') ? [] : store.select(sql, ...rest),
      };
      const areDoubled = async () => {
        const { records = 0, exchanges_facts_v1: facts = 0 } = await doubled(store);
        return records > 0 && facts > 0;
      };
      await dieOften(await logOf(MIXED), forgetful, 1, areDoubled);
      expect(await areDoubled()).toBe(true);
    },
    MANY_LIVES,
  );

  it('parks a projection for the stream it throws on, and folds it again with the mended code', async () => {
    const store = await freshStore();
    const log = await logOf(LATE);
    const others = PROJECTIONS.filter(({ name }) => name !== 'exchanges');
    const first = await foldAll(log, store, { batchRows: 100 }, [...others, BROKEN]);
    expect(first.parked()).toMatchObject([{ projection: 'exchanges@1', error: 'a bug', recordId: brokenOn }]);
    await first.replay();
    expect(first.parked()).toHaveLength(1);
    await first.stop();
    const expected = await rebuiltOnce(LATE);
    const while_parked = await digestsOf(store);
    expect(while_parked.exchanges).not.toBe(expected.exchanges);
    expect(while_parked.connections).toBe(expected.connections);

    const second = await foldAll(log, store);
    expect(second.parked()).toHaveLength(1);
    expect(await second.replay()).toEqual([]);
    await second.stop();
    expect(await digestsOf(store)).toEqual(expected);
    const third = await foldAll(log, store);
    expect(third.parked()).toEqual([]);
    await third.stop();
  });

  it('folds again what was parked in another set of projections', async () => {
    const store = await freshStore();
    const log = await logOf(LATE);
    await (await foldAll(log, store, {}, [BROKEN])).stop();
    const mended = await foldAll(log, store, {}, PROJECTIONS);
    expect(mended.parked()).toHaveLength(1);
    expect(await mended.replay()).toEqual([]);
    await mended.stop();
    expect(await digestsOf(store)).toEqual(await rebuiltOnce(LATE));
    const next = await foldAll(log, store);
    expect(next.parked()).toEqual([]);
    await next.stop();
  });

  it('parks a projection for the stream of which it says what its table cannot hold', async () => {
    const store = await freshStore();
    const log = await logOf(LATE);
    const unfit: Projection = {
      ...(exchanges as Projection),
      apply(state, observation) {
        const step = exchanges.apply(state as never, observation);
        const isOdd = observation.kind === 'frame' && observation.record.attributes.id === brokenOn;
        if (!isOdd) return step;
        return { state: step.state, facts: step.facts.map((fact) => ({ ...fact, time: 0.5 })) };
      },
    };
    const others = PROJECTIONS.filter(({ name }) => name !== 'exchanges');
    const engine = await foldAll(log, store, { batchRows: 100 }, [...others, unfit]);
    expect(engine.parked()).toMatchObject([
      { projection: 'exchanges@1', error: expect.stringContaining('time') as string },
    ]);
    await engine.stop();
    const mended = await foldAll(log, store);
    expect(await mended.replay(engine.parked()[0]?.stream.key)).toEqual([]);
    await mended.stop();
    expect(await digestsOf(store)).toEqual(await rebuiltOnce(LATE));
  });

  it('writes at once when it is idle, and tells how far behind it is', async () => {
    const store = await freshStore();
    const log = createMemoryLog();
    const engine = await foldAll(log, store, { rest: 1e6, intervalMs: 60_000 });
    await log.append('ocpp.frames', LATE.slice(0, 100));
    await engine.whenProcessed(await log.end('ocpp.frames'));
    await log.append('ocpp.frames', LATE.slice(100, 110));
    await engine.whenProcessed(await log.end('ocpp.frames'));
    expect(await engine.stats()).toMatchObject({ lagRecords: 0, records: 110 });
    await engine.stop();
    await log.append('ocpp.frames', LATE.slice(110, 120));
    expect((await engine.stats()).lagRecords).toBeGreaterThan(0);
    await expect(engine.whenProcessed(await log.end('ocpp.frames'))).rejects.toThrow('stopped');
  });

  it('stops at an error and says so to whoever waits', async () => {
    const store = await freshStore();
    const log = await logOf(LATE);
    const told: unknown[] = [];
    const engine = await startEngine({
      log,
      store: dyingAfter(store, 0, false),
      projections: PROJECTIONS,
      onError: (error) => told.push(error),
    });
    await expect(engine.whenProcessed(await log.end('ocpp.frames'))).rejects.toThrow('died');
    await expect(engine.failed).rejects.toThrow('died');
    expect(told).toHaveLength(1);
    await engine.stop();
  });
});

const offer = offerClickHouse();
describe.skipIf('missing' in offer)('the engine on a ClickHouse server', () => {
  it(
    'ends in the tables that it makes on chDB, though it dies between any two inserts',
    async () => {
      if ('missing' in offer) return;
      const server = await offer.start();
      const database = testDatabaseName();
      const store = await openServerStore({ ...server, database });
      const log = await logOf(MIXED);
      expect(await dieOften(log, store, 1)).toBeGreaterThan(3);
      expect(await doubled(store)).toEqual(NOTHING_DOUBLED);
      expect(await digestsOf(store)).toEqual(await rebuiltOnce(MIXED));
      await dropTestDatabase(store, database);
      await store.close();
      await server.stop();
    },
    MANY_LIVES,
  );
});

const frames = LATE.filter(({ attributes }) => attributes.type === 'ocpp.frame.v1');
const brokenOn = frames[Math.floor(frames.length / 3)]?.attributes.id;

const BROKEN: Projection = {
  ...(exchanges as Projection),
  apply(state, observation) {
    if (observation.kind === 'frame' && observation.record.attributes.id === brokenOn)
      throw new Error('a bug');
    return exchanges.apply(state as never, observation);
  },
};

/** Folds the log in lives that end before or after some insert, until enough is seen. @returns how many died */
async function dieOften(
  log: Log,
  store: Store,
  seed: number,
  isEnough = () => Promise.resolve(false),
): Promise<number> {
  const random = randomFrom(seed);
  const options = { readRecords: 150, batchRows: 1000, statesRecords: 250, rest: 0 };
  for (let deaths = 0; ; deaths++) {
    const dying = dyingAfter(store, Math.floor(random() * 2 * INSERTS), random() < 0.5);
    const engine = await startEngine({ log, store: dying, projections: PROJECTIONS, options });
    const processed = engine.whenProcessed(await log.end('ocpp.frames'));
    const isDone = await processed.then(
      () => true,
      () => false,
    );
    await engine.stop();
    if (isDone || (await isEnough())) return deaths;
  }
}

/** A store that fails from the given insert on, before it or after it took place: as a kill would be. */
function dyingAfter(store: Store, inserts: number, last: boolean): Store {
  let left = inserts;
  return {
    ensureTables: (tables) => store.ensureTables(tables),
    select: (...query) => store.select(...query),
    close: () => store.close(),
    async insert(table, rows) {
      const mine = left--;
      if (mine > 0 || (mine === 0 && last)) await store.insert(table, rows);
      if (mine <= 0) throw new Error('died');
    },
  };
}
