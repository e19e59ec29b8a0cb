import { createMemoryLog } from '@chargeproof/log';
import { commandRecord, writePayload } from '@chargeproof/record';
import type { Row, Store, TableDefinition } from '@chargeproof/tables';
import { expect, it } from 'vitest';
import { startCopying } from './copying.ts';
import { DECISIONS } from './table.ts';

/** Keeps rows; a crash is an insert that fails behind another. */
function storeOnPaper() {
  const rows = new Map<string, Row[]>();
  let failsFrom = '';
  const store = {
    ensureTables: () => Promise.resolve(),
    insert: (table: TableDefinition, added: readonly Row[]) => {
      if (table.name === failsFrom) return Promise.reject(new Error('killed'));
      rows.set(table.name, [...(rows.get(table.name) ?? []), ...added]);
      return Promise.resolve();
    },
    select: (sql: string, { offset }: { readonly offset?: number }) => {
      if (sql.includes('FROM decisions'))
        return Promise.resolve(
          rows.get('decisions')?.filter(({ log_offset }) => log_offset === offset) ?? [],
        );
      const offsets = (rows.get('checkpoints') ?? []).map(({ log_offset }) => Number(log_offset));
      const reached = Math.max(...offsets);
      return Promise.resolve(offsets.length === 0 ? [] : [{ log_partition: 0, reached }]);
    },
  };
  return {
    store: store as unknown as Store,
    of: (table: TableDefinition) => rows.get(table.name) ?? [],
    failFrom: (table: string) => (failsFrom = table),
  };
}

const type = 'platform.command-requested.v1';
const decision = (command: string) => ({
  ...commandRecord(type, { subject: { tenant: 't', station: 'CP-1' }, command, source: 'api', time: 7 }),
  value: writePayload(type, { command, action: 'ClearCache', payload: {}, actor: 'ops', expires: 9 }),
});

it('decisions are copied as they come, and after a crash from where the store says', async () => {
  const log = createMemoryLog();
  const { store, of, failFrom } = storeOnPaper();
  await log.append('platform.decisions', [decision('a'), decision('b')]);
  const first = await startCopying({ log, store });
  await first.whenCopied(new Map([[0, 2]]));
  failFrom('checkpoints');
  await log.append('platform.decisions', [decision('c')]);
  await expect(first.failed).rejects.toThrow('killed');
  failFrom('');
  const second = await startCopying({ log: log.reader(), store });
  await log.append('platform.decisions', [decision('d')]);
  await second.whenCopied(new Map([[0, 4]]));
  expect(await second.stats()).toEqual({ lagRecords: 0, lagSeconds: 0 });
  await second.stop();
  await log.append('platform.decisions', [decision('e'), decision('f')]);
  expect(await second.stats()).toEqual({ lagRecords: 2, lagSeconds: 0 });
  await expect.poll(async () => (await second.stats()).lagSeconds).toBeGreaterThan(0);
  const keyOf = (row: Row) => DECISIONS.orderBy.map((name) => row[name]).join();
  const rows = of(DECISIONS);
  expect(rows.map(({ log_offset }) => log_offset)).toEqual([0, 1, 2, 2, 3]);
  expect(new Set(rows.map(keyOf)).size).toBe(4);
  expect(rows[0]).toMatchObject({ tenant: 't', station: 'CP-1', actor: 'ops', time: 7, type });
});

it('decisions of another log are not copied among them', async () => {
  const { store, of } = storeOnPaper();
  const log = createMemoryLog();
  await log.append('platform.decisions', [decision('a'), decision('b')]);
  const copying = await startCopying({ log, store });
  await copying.whenCopied(new Map([[0, 2]]));
  await copying.stop();
  const [shorter, other] = [createMemoryLog(), createMemoryLog()];
  await shorter.append('platform.decisions', [decision('a')]);
  await other.append('platform.decisions', [decision('a'), decision('x'), decision('y')]);
  for (const each of [shorter, other])
    await expect(startCopying({ log: each, store })).rejects.toMatchObject({ failure: 'other-shape' });
  expect(of(DECISIONS)).toHaveLength(2);
});
