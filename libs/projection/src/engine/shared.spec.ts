import type { GroupMember, SharedLog } from '@chargeproof/log';
import { createMemoryLog } from '@chargeproof/log';
import type { Store } from '@chargeproof/tables';
import { describe, expect, it } from 'vitest';
import { startSharedEngine } from './shared.ts';

const EMPTY_STORE: Store = {
  ensureTables: () => Promise.resolve(),
  insert: () => Promise.resolve(),
  select: () => Promise.resolve([]),
  close: () => Promise.resolve(),
};

/** The group is the test: it gives and takes away. */
function startShared() {
  const kept = createMemoryLog();
  const group: { member?: GroupMember } = {};
  const log: SharedLog = Object.assign(kept, {
    join: (_topic: unknown, _group: unknown, member: GroupMember) => {
      group.member = member;
      return { failed: new Promise<never>(() => undefined), close: () => member.release() };
    },
  });
  const engine = startSharedEngine({ log, store: EMPTY_STORE, projections: [], tables: 'spec' });
  const { member } = group;
  if (member === undefined) throw new Error('nobody joined');
  const partitions = async () => (await engine.stats()).partitions.map(({ partition }) => partition);
  return { kept, member, engine, partitions };
}

describe('an engine that shares the log', () => {
  it('tells of the partitions that it holds now, and of none that it gave away', async () => {
    const { member, engine, partitions } = startShared();
    expect([engine.hasShare(), await partitions()]).toEqual([false, []]);
    await member.take([0, 1, 2]);
    await engine.joined;
    expect([engine.hasShare(), await partitions()]).toEqual([true, [0, 1, 2]]);
    await member.release();
    expect([engine.hasShare(), await partitions()]).toEqual([false, []]);
    await member.take([2]);
    expect([engine.hasShare(), await partitions()]).toEqual([true, [2]]);
    await engine.stop();
  });

  it('has a share where it is given no partition: there are more projectors than partitions', async () => {
    const { member, engine, partitions } = startShared();
    await member.take([]);
    await engine.joined;
    expect([engine.hasShare(), await partitions()]).toEqual([true, []]);
    await engine.stop();
  });

  it('says that the log cannot be read, though it holds nothing of it', async () => {
    const { kept, engine } = startShared();
    await kept.close();
    await expect(engine.stats()).rejects.toThrow('the log is closed');
    await engine.stop();
  });
});
