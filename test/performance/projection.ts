/**
 * How fast the engine folds a log into tables, against bare inserts of the very rows it wrote.
 *
 *   node --conditions=@chargeproof/source test/performance/projection.ts [profile] [frames] [stations]
 *
 * Prints one JSON document. Run it with UV_THREADPOOL_SIZE=16, alone on its machine. With `kafka`, the servers
 * are those of CHARGEPROOF_TEST_KAFKA_BROKERS and CHARGEPROOF_TEST_CLICKHOUSE_URL, else some of its own.
 */
import type { Log } from '@chargeproof/log';
import { startEngine } from '@chargeproof/projection';
import type { EngineStats } from '@chargeproof/projection';
import { PROJECTIONS } from '@chargeproof/projections';
import type { Row, SchemaStore, Store, TableDefinition } from '@chargeproof/tables';
import { RowText } from '@chargeproof/tables';
import { traffic } from '../crash/projector-traffic.ts';
import { rounded } from './numbers.ts';
import { say } from './processes.ts';
import { type Place, type ProfileName, PROFILES } from './profiles/index.ts';

const BATCH_ROWS = [20_000, 100_000];
/** Of each the middle one counts: a machine is seldom alone. */
const RUNS = 3;

type Measured = {
  readonly seconds: number;
  readonly framesPerSecond: number;
  /** Of the process that folds, ClickHouse with it where it runs inside. */
  readonly cpuMicrosPerFrame: number;
};

export type ProjectionFigures = {
  readonly frames: number;
  readonly stations: number;
  readonly rows: Readonly<Record<string, number>>;
  readonly projection: Measured;
  readonly stats: EngineStats;
  readonly bareInserts: Measured & { readonly batchRows: number };
  readonly projectionRatio: number;
  readonly tableBytesPerFrame: number;
};

export async function measureProjection(
  place: Place,
  frames: number,
  stations: number,
): Promise<ProjectionFigures> {
  const log = await place.openLog();
  const appended = await fill(log, frames, stations);
  const store = await place.openStore(PROJECTED);
  const reader = await place.openReader();
  try {
    const { measured: first, stats } = await project(reader, store, appended);
    const runs = [first];
    while (runs.length < RUNS) {
      const { measured } = await inDatabase(place, `${PROJECTED}_again_${runs.length}`, (again) =>
        project(reader, again, appended),
      );
      runs.push(measured);
    }
    // Once more for the rows alone: kept in memory while measuring, they would be measured too.
    const kept = new Map<TableDefinition, Row[]>();
    await project(reader, keeping(kept), appended);
    const [size] = await store.select<{ bytes: string }>(
      `SELECT toString(sum(bytes_on_disk)) AS bytes FROM system.parts WHERE active AND database = '${PROJECTED}'`,
    );
    const projection = middle(runs);
    const bare = await fastestInserts(place, kept, appended);
    return {
      frames: appended,
      stations,
      rows: Object.fromEntries([...kept].map(([{ name }, rows]) => [name, rows.length])),
      projection,
      stats: { ...stats, partitions: [] },
      bareInserts: bare,
      projectionRatio: projection.framesPerSecond / bare.framesPerSecond,
      tableBytesPerFrame: Number(size?.bytes ?? 0) / appended,
    };
  } finally {
    await store.command(`DROP DATABASE ${PROJECTED}`);
    await store.close();
    await reader.close();
    await log.close();
  }
}

/** A server may hold other people's databases. */
const PROJECTED = `bench_test_projection_${process.pid}`;

async function fill(log: Log, frames: number, stations: number): Promise<number> {
  let appended = 0;
  let batch = [];
  for (const request of traffic({ stations, calls: frames / 2, seed: 7 })) {
    batch.push(request);
    if (batch.length < 5000) continue;
    await log.append('ocpp.frames', batch);
    appended += batch.length;
    batch = [];
  }
  await log.append('ocpp.frames', batch);
  return appended + batch.length;
}

async function project(log: Parameters<typeof startEngine>[0]['log'], store: Store, frames: number) {
  const stop = watch(frames);
  const engine = await startEngine({ log, store, projections: PROJECTIONS });
  await engine.whenProcessed(await log.end('ocpp.frames'));
  const measured = stop();
  const stats = await engine.stats();
  await engine.stop();
  return { measured, stats };
}

/** No store, but it remembers the facts and records it was given. */
function keeping(kept: Map<TableDefinition, Row[]>): Store {
  return {
    ensureTables: () => Promise.resolve(),
    select: () => Promise.resolve([]),
    close: () => Promise.resolve(),
    insert(table, rows) {
      if (!['checkpoints', 'states'].includes(table.name)) {
        const known = kept.get(table) ?? [];
        for (const row of rows instanceof RowText ? rows.rows() : rows) known.push(row);
        kept.set(table, known);
      }
      return Promise.resolve();
    },
  };
}

async function fastestInserts(
  place: Place,
  kept: ReadonlyMap<TableDefinition, readonly Row[]>,
  frames: number,
) {
  const found: (Measured & { batchRows: number })[] = [];
  for (const batchRows of BATCH_ROWS) {
    const measured = await bareInserts(place, kept, frames, batchRows);
    found.push({ ...measured, batchRows });
    say(`  bare inserts of ${batchRows} rows: ${rounded(measured.framesPerSecond)} frames/s`);
  }
  found.sort((a, b) => b.framesPerSecond - a.framesPerSecond);
  const [fastest] = found;
  if (fastest === undefined) throw new Error('no batch size was tried');
  const { batchRows } = fastest;
  const runs: Measured[] = [fastest];
  while (runs.length < RUNS) runs.push(await bareInserts(place, kept, frames, batchRows));
  return { ...middle(runs), batchRows };
}

function bareInserts(
  place: Place,
  kept: ReadonlyMap<TableDefinition, readonly Row[]>,
  frames: number,
  batchRows: number,
): Promise<Measured> {
  return inDatabase(place, `${PROJECTED}_bare_${batchRows}`, async (store) => {
    await store.ensureTables([...kept.keys()]);
    const stop = watch(frames);
    await Promise.all([...kept].map(([table, rows]) => insertAll(store, table, rows, batchRows)));
    return stop();
  });
}

async function inDatabase<Result>(
  place: Place,
  database: string,
  work: (store: SchemaStore) => Promise<Result>,
): Promise<Result> {
  const store = await place.openStore(database);
  try {
    const result = await work(store);
    await store.command(`DROP DATABASE ${database}`);
    return result;
  } finally {
    await store.close();
  }
}

function middle(runs: readonly Measured[]): Measured {
  const found = runs.toSorted((a, b) => a.seconds - b.seconds)[Math.floor(runs.length / 2)];
  if (found === undefined) throw new Error('nothing was measured');
  return found;
}

/** Two inserts at a time, so that rows are written as text while others are stored. */
async function insertAll(store: Store, table: TableDefinition, rows: readonly Row[], batchRows: number) {
  let before: Promise<void> = Promise.resolve();
  for (let start = 0; start < rows.length; start += batchRows) {
    const insert = store.insert(table, rows.slice(start, start + batchRows));
    await before;
    before = insert;
  }
  await before;
}

function watch(frames: number): () => Measured {
  const began = performance.now();
  const cpu = process.cpuUsage();
  return () => {
    const seconds = (performance.now() - began) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    return { seconds, framesPerSecond: frames / seconds, cpuMicrosPerFrame: (user + system) / frames };
  };
}

if (import.meta.main) {
  const [name = 'embedded', frames = '100000', stations = '400'] = process.argv.slice(2);
  const profile = await PROFILES[name as ProfileName]();
  const place = await profile.place();
  const figures = await measureProjection(place, Number(frames), Number(stations));
  await place.remove();
  await profile.stop();
  process.stdout.write(`${JSON.stringify(figures, undefined, 2)}\n`);
}
