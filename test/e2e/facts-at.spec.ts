import { createMemoryLog } from '@chargeproof/log';
import { factsTable, startEngine } from '@chargeproof/projection';
import type { Projection } from '@chargeproof/projection';
import type { Frontier } from '@chargeproof/projections';
import { connections, coverage, exchanges, factsAt, frontierNow } from '@chargeproof/projections';
import { openEmbeddedStore } from '@chargeproof/store';
import type { SchemaStore } from '@chargeproof/tables';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { traffic } from '../crash/projector-traffic.ts';
import { foldAll, PROJECTIONS } from '../fixtures/projector.ts';

/** Frames of connections that come after those of later ones: facts are said, restated and retracted. */
const LATE = [...traffic({ stations: 12, calls: 150, seed: 4, late: 0.4 })];

type Row = Readonly<Record<string, unknown>>;
type Answer = { readonly at: Frontier; readonly facts: string; readonly history: readonly Row[] };

let folder: string;
let store: SchemaStore;
const answers: Answer[] = [];

/** As the source says it, in the order of its key. */
async function read(projection: Projection, at: Frontier, station?: readonly string[]): Promise<string> {
  const { sql, parameters } = factsAt(projection, { tenant: 'default', station, frontier: at });
  return JSON.stringify(await store.select<Row>(`SELECT * FROM ${sql} AS facts ORDER BY ALL`, parameters));
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'chargeproof-facts-at-'));
  store = await openEmbeddedStore({ path: folder, database: 'test', threadPoolSize: 16, durable: false });
  const log = createMemoryLog();
  for (let from = 0; from < LATE.length; from += Math.ceil(LATE.length / 6)) {
    await log.append('ocpp.frames', LATE.slice(from, from + Math.ceil(LATE.length / 6)));
    await (await foldAll(log, store, { readRecords: 70 })).stop();
    const at = await frontierNow(store, PROJECTIONS);
    const history = await store.select<Row>(`SELECT * FROM ${factsTable(exchanges).name} ORDER BY ALL`);
    answers.push({ at, facts: await read(exchanges, at), history });
  }
  await log.close();
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('facts at a frontier', () => {
  it('are the newest of each key that was written then, and nothing retracted', () => {
    expect(answers.length).toBe(6);
    for (const { facts, history } of answers) {
      const newest = new Map<string, Row>();
      const position = (row: Row) => Number(row.log_offset);
      for (const row of history) {
        const key = `${String(row.station)} ${String(row.exchange)}`;
        const before = newest.get(key);
        if (before === undefined || position(before) <= position(row)) newest.set(key, row);
      }
      const held = [...newest.values()].filter(({ retracted }) => retracted === 0);
      const sorted = (rows: readonly Row[]) => rows.map((row) => JSON.stringify(row)).sort();
      expect(sorted(JSON.parse(facts) as Row[])).toEqual(sorted(held));
      expect(held.length).toBeLessThan(history.length);
    }
    expect(answers.at(-1)?.facts).not.toBe(answers.at(-2)?.facts);
  });

  it('are the same bytes when asked again, whatever was folded since', async () => {
    for (const { at, facts } of answers) expect(await read(exchanges, at)).toBe(facts);
  });

  it('are of the stations that are asked about, and of runs where the projection is of runs', async () => {
    const at = answers.at(-1)?.at ?? { generation: 0, next: [] };
    const ofOne = JSON.parse(await read(connections, at, ['CS-3'])) as Row[];
    expect(new Set(ofOne.map(({ station }) => station))).toEqual(new Set(['CS-3']));
    expect(JSON.parse(await read(connections, at, []))).toEqual([]);
    expect(JSON.parse(await read(coverage, at))).not.toEqual([]);
  });
});

describe('the newest frontier', () => {
  it('is where the furthest behind of the projections that answer stands, in whatever set they were folded', async () => {
    const log = createMemoryLog();
    await log.append('ocpp.frames', LATE.slice(0, 40));
    const behind = { ...connections, version: 7 } as Projection;
    const engine = await startEngine({ log, store, projections: [behind, exchanges] as Projection[] });
    await engine.whenProcessed(await log.end('ocpp.frames'));
    await engine.stop();
    const reached = (...answering: readonly unknown[]) =>
      frontierNow(store, answering as readonly Projection[]);
    const whole = answers.at(-1)?.at;
    const little = await reached(behind);
    expect(await reached(connections, coverage, exchanges)).toEqual(whole);
    expect(await reached(exchanges)).toEqual(whole);
    expect(Math.max(...little.next)).toBeLessThan(Math.max(...(whole?.next ?? [])));
    expect(Math.max(...little.next)).toBeGreaterThan(0);
    expect(await reached(connections, exchanges, behind)).toEqual(little);
    expect(await reached(connections, { ...connections, version: 8 })).toEqual({ generation: 0, next: [0] });
  });
});
