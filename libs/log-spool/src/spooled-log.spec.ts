import { setImmediate as nextTurn } from 'node:timers/promises';
import { type AppendRequest, LogAway, LogFailed, LogFull, type Numbering } from '@chargeproof/log';
import { byPartition, contentOf, drain, logContract, sampleRecord } from '@chargeproof/log/testing';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { openSpooledLog, type SpooledLog, type SpooledLogOptions } from './open.ts';
import { FlakyLog } from './testing/flaky-log.ts';
import { dyingAfter, MemoryStore } from './testing/memory-store.ts';

const QUICK = { spoolAfterMilliseconds: 30, retryMilliseconds: 10 };
const ENOUGH = { maxBytes: 1e9, isOfTheReserve: isClose };
const SOON = { timeout: 20_000, interval: 5 };

function isClose({ attributes }: AppendRequest) {
  return attributes.type === 'ocpp.connection-closed.v1';
}

async function opened(behind: FlakyLog, store: MemoryStore, more: Partial<SpooledLogOptions> = {}) {
  const log = await openSpooledLog({ openLog: behind.open, store, ...QUICK, ...ENOUGH, ...more });
  onTestFinished(async () => {
    behind.mood = 'there';
    await log.close();
  });
  return log;
}

const stations = Array.from({ length: 6 }, (_, index) => `ST-${index}`);
/** One record of each station; calls of rising sequence. */
const call = (sequence: number) => stations.map((station) => sampleRecord(station, sequence));
const calls = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => call(from + index));
const idsOf = (records: readonly AppendRequest[]) => records.map(({ attributes }) => attributes.id);

/** Each record once, and those of a station in the order of the calls. */
async function expectOnceInOrder(behind: FlakyLog, appended: readonly AppendRequest[]) {
  const kept = await drain(behind.kept.reader());
  expect(idsOf(kept).toSorted()).toEqual(idsOf(appended).toSorted());
  const told = byPartition(
    kept,
    ({ attributes }) => `${attributes.subject ?? ''} ${attributes.sequence ?? ''}`,
  );
  for (const ids of told.values()) {
    for (const station of stations) {
      const own = ids.filter((id) => id.startsWith(`${station} `)).map((id) => Number(id.split(' ')[1]));
      expect(own).toEqual(own.toSorted((a, b) => a - b));
    }
  }
  const content = new Map(kept.map((record) => [record.attributes.id, contentOf(record)]));
  for (const record of appended) expect(content.get(record.attributes.id)).toEqual(contentOf(record));
}

const isDirect = (log: SpooledLog) =>
  vi.waitFor(() => {
    expect(log.status.state).toBe('direct');
  }, SOON);

logContract('a spooled log', async () => {
  const behind = new FlakyLog();
  const log = await openSpooledLog({ openLog: behind.open, store: new MemoryStore(), ...QUICK, ...ENOUGH });
  return { log, reader: () => Promise.resolve(behind.kept.reader()), dispose: () => Promise.resolve() };
});

describe('a log that is away', () => {
  it.each(['away', 'deaf'] as const)(
    '(%s) is spooled for, and has each record once when it is back',
    async (mood) => {
      const behind = new FlakyLog();
      const store = new MemoryStore();
      const log = await opened(behind, store);
      const sent = calls(0, 60);
      await Promise.all(sent.slice(0, 10).map((each) => log.append('ocpp.frames', each)));
      behind.mood = mood;
      await Promise.all(sent.slice(10, 40).map((each) => log.append('ocpp.frames', each)));
      expect(log.status).toMatchObject({ state: 'spooling', records: 30 * stations.length });
      behind.mood = 'there';
      for (const each of sent.slice(40)) await log.append('ocpp.frames', each);
      await isDirect(log);
      await expectOnceInOrder(behind, sent.flat());
      expect(log.status.records).toBe(0);
      await vi.waitFor(() => {
        expect(store.segments()).toEqual([]);
        expect(log.status.bytes).toBe(0);
      }, SOON);
    },
  );

  it.each(['broken', 'brokenBehind'] as const)(
    'and then of no more use (%s) is opened anew and asked what it has',
    async (mood) => {
      const behind = new FlakyLog();
      const log = await opened(behind, new MemoryStore());
      await log.append('ocpp.frames', call(0));
      behind.mood = mood;
      await Promise.all(calls(1, 20).map((each) => log.append('ocpp.frames', each)));
      behind.mood = 'there';
      await isDirect(log);
      expect(behind.opened).toBeGreaterThan(1);
      await expectOnceInOrder(behind, calls(0, 20).flat());
    },
  );

  it('takes its records back under load, and more than once', async () => {
    const behind = new FlakyLog();
    const log = await opened(behind, new MemoryStore(), { segmentBytes: 5000 });
    const sent = calls(0, 400);
    for (const [index, each] of sent.entries()) {
      if (index % 100 === 20) behind.mood = index % 200 === 20 ? 'deaf' : 'away';
      if (index % 100 === 70) behind.mood = 'there';
      void log.append('ocpp.frames', each);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await isDirect(log);
    await expectOnceInOrder(behind, sent.flat());
  });

  it('takes its records back though more are spooled whenever it takes some', async () => {
    const behind = new FlakyLog();
    const log = await opened(behind, new MemoryStore());
    const sent = calls(0, 10);
    behind.mood = 'away';
    // What is under way when spooling begins is not sent again.
    for (const each of sent) await log.append('ocpp.frames', each);
    behind.meanwhile = async () => {
      if (log.status.state !== 'draining') return;
      const more = call(sent.length);
      sent.push(more);
      void log.append('ocpp.frames', more);
      await nextTurn();
    };
    behind.mood = 'there';
    await isDirect(log);
    await expectOnceInOrder(behind, sent.flat());
    expect(sent.length).toBeGreaterThan(10);
  });

  it('takes no decision, which others would not see', async () => {
    const behind = new FlakyLog();
    const log = await opened(behind, new MemoryStore());
    behind.mood = 'away';
    await expect(log.append('platform.decisions', call(0))).rejects.toThrow(/may have taken it or not/);
    await log.append('ocpp.frames', call(1));
    await expect(log.append('platform.decisions', call(2))).rejects.toThrow(LogAway);
    await expect(log.append('platform.decisions', call(2))).rejects.toThrow(/takes nothing now/);
  });

  it('is come up for, and read as soon as it is there', async () => {
    const behind = new FlakyLog();
    behind.mood = 'away';
    const log = await opened(behind, new MemoryStore());
    const followed: string[] = [];
    log.subscribe({ topic: 'ocpp.frames', from: new Map(), maxRecords: 7, maxBytes: 1e6 }, (batch) => {
      followed.push(...idsOf(batch));
      return Promise.resolve();
    });
    await log.append('ocpp.frames', call(0));
    await expect(log.end('ocpp.frames')).rejects.toThrow(LogAway);
    behind.mood = 'there';
    await isDirect(log);
    behind.mood = 'broken';
    await log.append('ocpp.frames', call(1));
    behind.mood = 'there';
    await isDirect(log);
    await log.append('ocpp.frames', call(2));
    await vi.waitFor(() => {
      expect(followed).toEqual(idsOf(calls(0, 3).flat()));
    }, SOON);
  });

  it('and says nothing at all is not waited for, and opened once when it does', async () => {
    const behind = new FlakyLog();
    const { promise: answers, resolve: answer } = Promise.withResolvers<undefined>();
    const openLog = vi.fn(() => answers.then(behind.open));
    const log = await openSpooledLog({
      openLog,
      store: new MemoryStore(),
      beginMilliseconds: 20,
      ...QUICK,
      ...ENOUGH,
    });
    await log.append('ocpp.frames', call(0));
    expect(log.status).toMatchObject({ state: 'spooling', reason: 'the log did not answer in 0.02 s' });
    answer(undefined);
    await isDirect(log);
    await expectOnceInOrder(behind, call(0));
    expect(openLog).toHaveBeenCalledOnce();
    await log.close();
  });

  it('and is another than it must be: says so at start, and keeps what is spooled', async () => {
    const store = new MemoryStore();
    const away = new FlakyLog();
    away.mood = 'away';
    const first = await opened(away, store);
    await first.append('ocpp.frames', call(0));
    const openLog = () => Promise.reject(new LogFailed('topic x has 3 partitions, not 24'));
    const onTrouble = vi.fn();
    await expect(openSpooledLog({ openLog, store, onTrouble, ...QUICK, ...ENOUGH })).rejects.toThrow(
      /has 3 partitions/,
    );
    // Whoever started it tells why it does not: the reason would be there twice.
    expect(onTrouble).not.toHaveBeenCalled();
    expect(store.bytes()).toBeGreaterThan(0);
  });
});

describe('a process that dies', () => {
  /** Opens, appends until the log is away, and dies when it has written so often; then another takes over. */
  async function dieAt(writes: number, mood: 'away' | 'deaf' | 'brokenBehind', forget = false) {
    const behind = new FlakyLog();
    const store = new MemoryStore();
    const durable: AppendRequest[] = [];
    const disk = dyingAfter(writes, store);
    let isDead = false;
    const first = await openSpooledLog({
      openLog: () => (isDead ? new Promise(() => undefined) : behind.open()),
      store: disk,
      ...QUICK,
      ...ENOUGH,
      segmentBytes: 3000,
    });
    const append = (log: SpooledLog, each: readonly AppendRequest[]) =>
      log.append('ocpp.frames', each).then(
        () => durable.push(...each),
        () => undefined,
      );
    await append(first, call(0));
    behind.mood = mood;
    for (const each of calls(1, 15)) void append(first, each);
    await new Promise((resolve) => setTimeout(resolve, 60));
    for (const each of calls(15, 30)) void append(first, each);
    await new Promise((resolve) => setTimeout(resolve, 20));
    behind.mood = 'there';
    await new Promise((resolve) => setTimeout(resolve, 30));
    isDead = true;
    disk.kill();
    behind.kill();
    if (forget && store.note) store.note = { ...store.note, unknown: 0 };
    const told = [...durable];
    const second = await opened(behind, store);
    await isDirect(second);
    await append(second, call(100));
    const kept = idsOf(await drain(behind.kept.reader()));
    const doubled = kept.length - new Set(kept).size;
    const lost = idsOf(told).filter((id) => !kept.includes(id));
    return { doubled, lost };
  }

  it.each(['away', 'deaf', 'brokenBehind'] as const)(
    'at any write of spool or drain (%s) loses nothing of what it told, and doubles nothing',
    async (mood) => {
      const outcomes = await Promise.all(Array.from({ length: 30 }, (_, writes) => dieAt(writes, mood)));
      expect(outcomes.filter(({ doubled, lost }) => doubled > 0 || lost.length > 0)).toEqual([]);
    },
  );

  it('doubles, where nothing is looked up: the control of the test before', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 30 }, (_, writes) => dieAt(writes, 'deaf', true)),
    );
    expect(outcomes.some(({ doubled }) => doubled > 0)).toBe(true);
  });

  describe.each(['before', 'after'] as const)(
    'and what it had under way arrives, %s what comes next,',
    (arrival) => {
      /** Dies while records are under way, which nobody finds who looks for them. */
      async function dieWithRecordsUnderWay(noted: (numbering: Numbering) => Numbering | undefined) {
        const behind = new FlakyLog();
        const store = new MemoryStore();
        const first = await openSpooledLog({ openLog: behind.open, store, ...QUICK, ...ENOUGH });
        const sent = calls(0, 12);
        for (const each of sent.slice(0, 3)) await first.append('ocpp.frames', each);
        behind.mood = 'away';
        await Promise.all(sent.slice(3, 8).map((each) => first.append('ocpp.frames', each)));
        behind.kill(arrival);
        behind.mood = 'there';
        if (store.note?.numbering) store.note = { ...store.note, numbering: noted(store.note.numbering) };
        const second = await opened(behind, store);
        for (const each of sent.slice(8)) await second.append('ocpp.frames', each);
        await isDirect(second);
        return { behind, sent };
      }

      it('is there once', async () => {
        const { behind, sent } = await dieWithRecordsUnderWay((numbering) => numbering);
        await expectOnceInOrder(behind, sent.flat());
      });

      it('is there twice where its numbers are forgotten: the control', async () => {
        const { behind, sent } = await dieWithRecordsUnderWay(() => undefined);
        expect((await drain(behind.kept.reader())).length).toBeGreaterThan(sent.flat().length);
      });

      it('is not taken for other records, where those bear its numbers', async () => {
        const { behind, sent } = await dieWithRecordsUnderWay((numbering) => ({
          ...numbering,
          next: new Map(),
        }));
        const kept = idsOf(await drain(behind.kept.reader()));
        expect(idsOf(sent.flat()).filter((id) => !kept.includes(id))).toEqual([]);
      });
    },
  );
});

describe('a spool that fills', () => {
  const close = (sequence: number) =>
    sampleRecord('ST-1', sequence, '{}', { type: 'ocpp.connection-closed.v1' });

  it('says so in time, then refuses, and keeps room for what says why', async () => {
    const behind = new FlakyLog();
    const log = await opened(behind, new MemoryStore(), { maxBytes: 10_000 });
    expect(log.fill).toBe('room');
    behind.mood = 'away';
    const kept: AppendRequest[] = [];
    const seen = new Set<string>();
    for (let sequence = 0; ; sequence += 1) {
      const one = [sampleRecord('ST-1', sequence)];
      const refused = await log.append('ocpp.frames', one).then(
        () => undefined,
        (error: unknown) => error,
      );
      seen.add(log.fill);
      if (refused !== undefined) {
        expect(refused).toBeInstanceOf(LogFull);
        break;
      }
      kept.push(...one);
    }
    expect(seen).toContain('near');
    await log.append('ocpp.frames', [close(1000)]);
    behind.mood = 'there';
    await isDirect(log);
    await expectOnceInOrder(behind, [...kept, close(1000)]);
    expect(log.fill).toBe('room');
  });

  it('on a full disk: refuses what is new, keeps what the log may have, and uses its reserve', async () => {
    const behind = new FlakyLog();
    const store = new MemoryStore();
    const log = await opened(behind, store);
    behind.mood = 'deaf';
    const unknown = log.append('ocpp.frames', [sampleRecord('ST-1', 0)]);
    await unknown;
    store.isDiskFull = true;
    await expect(log.append('ocpp.frames', [sampleRecord('ST-1', 1)])).rejects.toThrow(LogFull);
    await log.append('ocpp.frames', [close(2)]);
    expect(store.hasReserve).toBe(false);
    store.isDiskFull = false;
    behind.mood = 'there';
    await isDirect(log);
    await expectOnceInOrder(behind, [sampleRecord('ST-1', 0), close(2)]);
    expect(store.hasReserve).toBe(true);
  });

  it('from the start: what the log may have waits for the log', async () => {
    const behind = new FlakyLog();
    const store = new MemoryStore();
    const log = await opened(behind, store);
    store.isDiskFull = true;
    store.hasReserve = false;
    behind.mood = 'deaf';
    let isDurable = false;
    const unknown = log.append('ocpp.frames', [sampleRecord('ST-1', 0)]).then(() => (isDurable = true));
    await vi.waitFor(() => {
      expect(log.fill).toBe('full');
    }, SOON);
    await expect(log.append('ocpp.frames', [sampleRecord('ST-1', 1)])).rejects.toThrow(LogFull);
    expect(isDurable).toBe(false);
    behind.mood = 'there';
    await unknown;
    await isDirect(log);
    await expectOnceInOrder(behind, [sampleRecord('ST-1', 0)]);
  });
});
