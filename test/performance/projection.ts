/**
 * How fast the engine folds a log into tables, against bare inserts of the very rows it wrote.
 *
 *   node --conditions=@chargeproof/source test/performance/projection.ts [frames] [stations]
 *
 * Prints one JSON document. Run it with UV_THREADPOOL_SIZE=16, alone on its machine.
 */
import type { Log } from '@chargeproof/log';
import { openSqliteLog, openSqliteLogReader } from '@chargeproof/log-sqlite';
import { startEngine } from '@chargeproof/projection';
import type { EngineStats } from '@chargeproof/projection';
import { PROJECTIONS } from '@chargeproof/projections';
import { openEmbeddedStore } from '@chargeproof/store';
import type { Row, SchemaStore, Store, TableDefinition } from '@chargeproof/tables';
import { RowText } from '@chargeproof/tables';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { traffic } from '../crash/projector-traffic.ts';

const BATCH_ROWS = [5_000, 20_000, 50_000, 100_000];
const THREAD_POOL = 16;
/** Of each the middle one counts: a machine is seldom alone. */
const RUNS = 3;

type Measured = {
  readonly seconds: number;
  readonly framesPerSecond: number;
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

export async function measureProjection(frames: number, stations: number): Promise<ProjectionFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'chargeproof-performance-'));
  const log = await openSqliteLog({ folder: join(folder, 'log') });
  const store = await openStore(folder, 'projected');
  try {
    const appended = await fill(log, frames, stations);
    const reader = await openSqliteLogReader({ folder: join(folder, 'log') });
    const { measured: first, stats } = await project(reader, store, appended);
    const runs = [first];
    while (runs.length < RUNS) {
      const { measured } = await inDatabase(folder, `again_${runs.length}`, (again) =>
        project(reader, again, appended),
      );
      runs.push(measured);
    }
    // Once more for the rows alone: kept in memory while measuring, they would be measured too.
    const kept = new Map<TableDefinition, Row[]>();
    await project(reader, keeping(kept), appended);
    await reader.close();
    const [size] = await store.select<{ bytes: string }>(
      "SELECT toString(sum(bytes_on_disk)) AS bytes FROM system.parts WHERE active AND database = 'projected'",
    );
    const projection = middle(runs);
    const bare = await fastestInserts(folder, kept, appended);
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
    await store.close();
    await log.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const openStore = (folder: string, database: string): Promise<SchemaStore> =>
  openEmbeddedStore({ path: join(folder, 'store'), database, threadPoolSize: THREAD_POOL });

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
    ensureTable: () => Promise.resolve(),
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
  folder: string,
  kept: ReadonlyMap<TableDefinition, readonly Row[]>,
  frames: number,
) {
  const found: (Measured & { batchRows: number })[] = [];
  for (const batchRows of BATCH_ROWS) {
    const measured = await bareInserts(folder, kept, frames, batchRows);
    found.push({ ...measured, batchRows });
    process.stderr.write(
      `bare inserts of ${batchRows} rows: ${Math.round(measured.framesPerSecond)} frames/s\n`,
    );
  }
  found.sort((a, b) => b.framesPerSecond - a.framesPerSecond);
  const [fastest] = found;
  if (fastest === undefined) throw new Error('no batch size was tried');
  const { batchRows } = fastest;
  const runs: Measured[] = [fastest];
  while (runs.length < RUNS) runs.push(await bareInserts(folder, kept, frames, batchRows));
  return { ...middle(runs), batchRows };
}

function bareInserts(
  folder: string,
  kept: ReadonlyMap<TableDefinition, readonly Row[]>,
  frames: number,
  batchRows: number,
): Promise<Measured> {
  return inDatabase(folder, `bare_${batchRows}`, async (store) => {
    for (const table of kept.keys()) await store.ensureTable(table);
    const stop = watch(frames);
    await Promise.all([...kept].map(([table, rows]) => insertAll(store, table, rows, batchRows)));
    return stop();
  });
}

async function inDatabase<Result>(
  folder: string,
  database: string,
  work: (store: SchemaStore) => Promise<Result>,
): Promise<Result> {
  const store = await openStore(folder, database);
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
  const [frames = '400000', stations = '400'] = process.argv.slice(2);
  const figures = await measureProjection(Number(frames), Number(stations));
  process.stdout.write(`${JSON.stringify(figures, undefined, 2)}\n`);
}
