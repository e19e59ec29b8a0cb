import type { LoggedRecord } from '@chargeproof/record';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Projection, StreamState } from '../projection.ts';
import { Gate } from './gates.ts';
import { slotOf } from './snapshots.ts';
import { ReplayEnd } from './start.ts';
import type { Entry } from './streams.ts';
import { Streams } from './streams.ts';
import { currentTable, factsTable, versionOf } from './tables.ts';
import { Waiters } from './waiters.ts';

const at = (partition: number, offset: number) => ({ generation: 0, partition, offset });

describe('snapshots of a stream', () => {
  it('never take the place of the newest, and keep about one for each doubling of age', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), (newest) => {
        expect(slotOf(newest + 1)).not.toBe(slotOf(newest));
        for (let age = 1; age * 2 < newest; age *= 2) {
          const held = Array.from({ length: 2 * age }, (_, back) => newest - age - back).filter((ordinal) =>
            isHeld(ordinal, newest),
          );
          expect(held.length, `none from ${age} to ${3 * age} before ${newest}`).toBeGreaterThan(0);
        }
      }),
      { numRuns: 50 },
    );
  });

  /** Nothing later went to its slot: the next there comes a doubled period after it. */
  const isHeld = (ordinal: number, newest: number) =>
    ordinal > 0 && ordinal + 2 ** (slotOf(ordinal) + 1) > newest;
});

describe('the gate of a table', () => {
  const gate = () =>
    new Gate(new Map([[3, 10]]), new Map([[3, new Set(['12\u0000key'])]]), new Map([[3, 13]]));

  it('lets nothing pass below the checkpoint, nor what was found above it', () => {
    const admitted = [9, 10, 11, 12, 13].filter((offset) => gate().admits(at(3, offset), 'key'));
    expect(admitted).toEqual([10, 11, 13]);
    expect(gate().admits(at(3, 12), 'another key')).toBe(true);
    expect(gate().admits(at(4, 0))).toBe(true);
    expect([9, 10].map((offset) => gate().isWritten(at(3, offset)))).toEqual([true, false]);
  });

  it('asks no more once the partition has passed', () => {
    const passed = gate();
    passed.passed(3, 12);
    expect(passed.admits(at(3, 12), 'key')).toBe(false);
    passed.passed(3, 13);
    expect(passed.admits(at(3, 12), 'key')).toBe(true);
  });
});

describe('the end of what a crash may have left', () => {
  const record = (partition: number, offset: number) => ({ position: at(partition, offset) }) as LoggedRecord;

  it('ends a batch, and does so once', () => {
    const end = new ReplayEnd(new Map([[1, 5]]));
    const batch = [record(1, 3), record(2, 9), record(1, 4), record(1, 5), record(1, 6)];
    const offsets = end.split(batch).map((part) => part.map(({ position }) => position.offset));
    expect(offsets).toEqual([
      [3, 4],
      [9, 5, 6],
    ]);
    expect(end.split(batch)).toEqual([batch]);
  });
});

describe('those who wait', () => {
  it('are told when all of their positions are reached, or that none will be', async () => {
    const waiters = new Waiters();
    const wanted = new Map([
      [0, 5],
      [1, 2],
    ]);
    const told: string[] = [];
    const waiting = waiters.add(wanted, new Map()).then(() => told.push('reached'));
    expect(waiters.areDue((partition) => (partition === 0 ? 5 : 1))).toBe(false);
    expect(waiters.areDue(() => 5)).toBe(true);
    waiters.reached(new Map([[0, 5]]));
    expect(waiters.size).toBe(1);
    waiters.reached(new Map([...wanted]));
    await waiting;
    expect(told).toEqual(['reached']);
    const hopeless = waiters.add(new Map([[0, 9]]), new Map());
    waiters.fail(new Error('it stopped'));
    await expect(hopeless).rejects.toThrow('it stopped');
    await expect(waiters.add(new Map([[0, 9]]), new Map())).rejects.toThrow('it stopped');
    await expect(waiters.add(new Map([[0, 9]]), new Map([[0, 9]]))).resolves.toBeUndefined();
  });
});

describe('streams in memory', () => {
  const entry = (key: string, seen: number, more: Partial<Entry> = {}): Entry => ({
    stream: { kind: 'station', key },
    partition: 0,
    state: { open: {}, ended: [] } as unknown as StreamState,
    next: 0,
    ordinal: 0,
    changed: false,
    seen,
    source: 'run',
    ...more,
  });

  it('are let go oldest first, but not while they change or have a connection open', () => {
    const streams = new Streams();
    const open = { open: { c: {} }, ended: [] } as unknown as StreamState;
    for (const one of [
      entry('changed', 0, { changed: true }),
      entry('open', 1, { state: open }),
      entry('old', 2),
      entry('new', 3),
    ])
      streams.add(one, ['run']);
    expect(streams.evict(3, () => ['run'])).toBe(1);
    expect(['changed', 'open', 'old', 'new'].map((key) => streams.get('station', key) !== undefined)).toEqual(
      [true, true, false, true],
    );
    expect([...streams.watchersOf('run', 0)].map(({ stream }) => stream.key)).toEqual([
      'changed',
      'open',
      'new',
    ]);
    expect(streams.evict(0, () => ['run'])).toBe(1);
  });
});

describe('tables of a projection', () => {
  const projection: Projection = {
    name: 'things',
    version: 2,
    of: 'run',
    key: { thing: 'String' },
    values: { weight: 'Int64' },
    initial: null,
    apply: (state) => ({ state, facts: [] }),
  };

  it('have its version in their names and begin with the tenant', () => {
    expect([factsTable(projection).name, currentTable(projection).name]).toEqual([
      'things_facts_v2',
      'things_v2',
    ]);
    expect(factsTable(projection).orderBy).toEqual([
      ...['tenant', 'run', 'partition', 'thing'],
      ...['log_generation', 'log_offset'],
    ]);
    expect(currentTable(projection).orderBy).toEqual(['tenant', 'run', 'partition', 'thing']);
  });

  it("refuse a column that has the name of one of the engine's", () => {
    expect(() => factsTable({ ...projection, values: { logged_at: 'String' } })).toThrow('logged_at');
  });

  it('order what is current by the position that caused it', () => {
    const position = fc.record({ generation: fc.nat(200), offset: fc.nat({ max: 2 ** 44 - 1 }) });
    fc.assert(
      fc.property(position, position, (a, b) => {
        const order = Math.sign(a.generation - b.generation || a.offset - b.offset);
        expect(Math.sign(versionOf(a) - versionOf(b))).toBe(order);
      }),
    );
  });
});
