import type { LoggedRecord } from '@chargeproof/record';
import type { Row, Store, TableDefinition } from '@chargeproof/tables';
import { RowText } from '@chargeproof/tables';
import { describe, expect, it } from 'vitest';
import type { Checkpoints } from './checkpoints.ts';
import { Flusher } from './flusher.ts';
import { NewestLines } from './newest.ts';
import { ENGINE_DEFAULTS } from './options.ts';
import type { Snapshots } from './snapshots.ts';
import { Counters } from './stats.ts';

const parked = (changed: number): Row => ({
  ...{ tenant: '', kind: 'run', stream: 's', projection_name: 'p@1', changed, cleared: 0 },
  ...{ log_generation: 0, log_partition: 0, log_offset: 1, logged_at: 1, record_id: '', error: '' },
});

/** A store whose inserts last until they are let go. */
function heldStore() {
  const inserted: { readonly table: string; readonly rows: number; readonly done: () => void }[] = [];
  const store: Store = {
    ensureTables: () => Promise.resolve(),
    select: () => Promise.resolve([]),
    close: () => Promise.resolve(),
    insert: (table, rows) =>
      new Promise((done) => {
        inserted.push({ table: table.name, rows: rows instanceof RowText ? rows.count : rows.length, done });
      }),
  };
  return { store, inserted };
}

describe('the flusher', () => {
  it('begins a batch when it is ready and none is written, and holds folding up only when one is full', async () => {
    const { store, inserted } = heldStore();
    const flusher = new Flusher({
      store,
      options: { ...ENGINE_DEFAULTS, readyRows: 2, batchRows: 4, intervalMs: 60_000, rest: 1e9 },
      checkpoints: { write: () => Promise.resolve() } as unknown as Checkpoints,
      snapshots: { write: () => Promise.resolve() } as unknown as Snapshots,
      committed: new Map(),
      counters: new Counters(),
      capture: () => [],
      folded: () => new Map(),
      onCommit: () => undefined,
      onError: (error) => {
        throw error;
      },
    });
    const position = { generation: 0, partition: 0, offset: 0 };
    const record = { position, loggedAt: 1, value: new Uint8Array(1) } as LoggedRecord;
    const add = (row: number) => {
      flusher.pending.addParked(parked(row));
      flusher.pending.addReached(record);
      return flusher.added();
    };
    for (const row of [1, 2, 3, 4]) await add(row);
    expect(inserted.map(({ rows }) => rows)).toEqual([2]);
    let free = false;
    await add(5);
    const waiting = add(6).then(() => (free = true));
    await new Promise(setImmediate);
    expect(free).toBe(false);
    inserted[0]?.done();
    await waiting;
    expect(inserted.map(({ rows }) => rows)).toEqual([2, 4]);
    flusher.stop();
  });
});

describe('the newest lines', () => {
  const table: TableDefinition = {
    name: 'things',
    columns: { name: 'String', is: 'UInt8' },
    orderBy: ['name'],
    engine: { kind: 'MergeTree' },
  };

  it('leave out what a newer line of the same key in the same stream follows', () => {
    const lines = new NewestLines(table);
    const add = (stream: string, key: string, is: number) =>
      lines.add(stream, key, JSON.stringify([`${stream}${key}\ud800`, is]));
    const first = [add('a', 'x', 1), add('a', 'y', 2), add('b', 'x', 3), add('a', 'x', 4), add('a', 'x', 5)];
    expect(first).toEqual([true, true, true, false, false]);
    expect(lines.text().rows()).toEqual([
      { name: 'ay\ud800', is: 2 },
      { name: 'bx\ud800', is: 3 },
      { name: 'ax\ud800', is: 5 },
    ]);
  });
});
