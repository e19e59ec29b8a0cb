import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryLog, type MemoryLog } from '@chargeproof/log';
import { startEngine } from '@chargeproof/projection';
import { actOut, toLog, trafficOf } from '@chargeproof/projection/testing';
import {
  countRecords,
  evidenceOfTransaction,
  type Frontier,
  frontierNow,
  meterValuesOf,
  PROJECTIONS,
  recordIds,
  sortKeyOf,
  type TransactionAt,
  type TransactionFilter,
  transactionList,
} from '@chargeproof/projections';
import { openEmbeddedStore } from '@chargeproof/store';
import type { Store } from '@chargeproof/tables';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'chargeproof-transactions-'));
const OF_ALL: TransactionFilter = { tenant: 'default' };
let log: MemoryLog;
let store: Store;
let early: Frontier;
let askedEarly: readonly TransactionAt[];
let now: Frontier;

beforeAll(async () => {
  log = createMemoryLog();
  store = await openEmbeddedStore({ path: folder, threadPoolSize: 16, durable: false });
  const engine = await startEngine({ log, store, projections: PROJECTIONS });
  const records = fc
    .sample(trafficOf(240), { seed: 9, numRuns: 4 })
    .flatMap((actions) => toLog(actOut(actions)));
  const half = Math.floor(records.length / 2);
  await log.append('ocpp.frames', records.slice(0, half));
  await engine.whenProcessed(await log.end('ocpp.frames'));
  early = await frontierNow(store);
  askedEarly = await all(early);
  await log.append('ocpp.frames', records.slice(half));
  await engine.whenProcessed(await log.end('ocpp.frames'));
  await engine.stop();
  now = await frontierNow(store);
});

afterAll(async () => {
  await store.close();
  await log.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Page by page. */
async function all(frontier: Frontier, filter = OF_ALL): Promise<readonly TransactionAt[]> {
  const rows: TransactionAt[] = [];
  for (;;) {
    const last = rows.at(-1);
    const after = last && { behind: sortKeyOf(transactionList.order, last), frontier };
    const page = await transactionList.page(store, { filter, frontier, first: 7, ...(after && { after }) });
    rows.push(...page.rows);
    if (!page.hasNextPage) return rows;
  }
}

it('are listed newest first, each once, as many as are counted', async () => {
  const rows = await all(now);
  expect(rows.length).toBeGreaterThan(14);
  expect(new Set(rows.map(({ transaction }) => transaction)).size).toBe(rows.length);
  expect(await transactionList.count(store, OF_ALL, now)).toBe(BigInt(rows.length));
  const times = rows.map(({ at_us }) => Number(at_us));
  expect(times).toEqual(times.toSorted((a, b) => b - a));
});

it('are found by every member of a filter', async () => {
  const rows = await all(now);
  const one = rows.find(
    ({ kind, connector, transaction_id, id_tag }) =>
      kind === 'transaction' && connector && transaction_id && id_tag,
  );
  expect(one).toBeDefined();
  const at = Number(one?.at_us);
  const filter: Required<TransactionFilter> = {
    ...{
      tenant: 'default',
      station: [one?.station ?? ''],
      connector: Number(one?.connector),
      kind: ['transaction'],
    },
    ...{ id: [one?.transaction ?? ''], transactionId: one?.transaction_id ?? '', from: at, to: at + 1 },
    idTag: [one?.id_tag ?? ''],
  };
  expect(await all(now, filter)).toEqual([one]);
  for (const other of [
    ...[{ station: ['other'] }, { connector: 99 }, { kind: ['attempt'] as const }, { id: ['other'] }],
    ...[{ transactionId: 'other' }, { from: at + 1, to: at + 2 }, { from: at - 2, to: at }],
    ...[{ idTag: ['other'] }, { idTag: [] }],
  ]) {
    expect(await all(now, { ...filter, ...other })).toEqual([]);
  }
});

it('asked again at the positions of before are what they were', async () => {
  expect(await all(early)).toEqual(askedEarly);
  expect(await all(now)).not.toEqual(askedEarly);
});

it('have the frames of their sampled values, starts and stops among their evidence', async () => {
  const rows = await all(now);
  let sampled = 0;
  for (const row of rows) {
    const evidence = evidenceOfTransaction(row, now);
    const records = await recordIds(store, evidence, { first: 1000 });
    expect(await countRecords(store, evidence)).toBe(BigInt(records.length));
    const values = await meterValuesOf(store, {
      ...{ tenant: 'default', station: [row.station], transactions: [row.transaction], frontier: now },
    });
    sampled += values.length;
    const named = [row.start_record, row.start_answer_record, row.stop_record, row.stop_answer_record];
    const proofs = [
      ...named,
      row.inferred_from_record,
      row.last_record,
      ...values.map(({ record }) => record),
    ];
    expect(records).toEqual(expect.arrayContaining(proofs.filter((record) => record !== null)));
  }
  expect(sampled).toBeGreaterThan(10);
});

it('have the register readings whose measurand was left out, asked for by their meaning', async () => {
  const rows = await all(now);
  const asked = {
    ...{ tenant: 'default', station: ['CP-1'], transactions: rows.map(({ transaction }) => transaction) },
    ...{ frontier: now, measurand: ['Energy.Active.Import.Register'] },
  };
  const values = await meterValuesOf(store, asked);
  expect(values.some(({ measurand }) => measurand === null)).toBe(true);
  expect(await meterValuesOf(store, { ...asked, measurand: ['Voltage'] })).toSatisfy(
    (voltages: typeof values) => voltages.every(({ measurand }) => measurand === 'Voltage'),
  );
});
