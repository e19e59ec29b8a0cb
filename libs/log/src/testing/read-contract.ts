import { partitionOf } from '@chargeproof/record';
import { describe, expect, it } from 'vitest';
import type { Log, Offsets } from '../log.ts';
import { byPartition, drain, openFor } from './drain.ts';
import type { MakeLog } from './log-under-test.ts';
import { sampleRecord } from './sample-records.ts';

const STATIONS = ['ST-1', 'ST-2', 'ST-3', 'ST-4', 'ST-5'];
const WIDE = { maxRecords: 1000, maxBytes: 1 << 20 };

/** 20 frames of each of five stations, in calls of five. */
async function fill(log: Log): Promise<void> {
  for (let sequence = 0; sequence < 20; sequence += 1) {
    await log.append(
      'ocpp.frames',
      STATIONS.map((station) => sampleRecord(station, sequence, 'x'.repeat(100))),
    );
  }
}

export function readContract(make: MakeLog): void {
  describe('read', () => {
    it('finds nothing in an empty log', async () => {
      const { log } = await openFor(make);
      expect(await log.read({ topic: 'ocpp.frames', from: new Map(), ...WIDE })).toEqual([]);
      expect([...(await log.end('ocpp.frames')).values()]).toEqual(Array.from({ length: 24 }, () => 0));
      expect([...(await log.end('platform.decisions'))]).toEqual([[0, 0]]);
    });

    it.each([
      { maxRecords: 1, maxBytes: 1 << 20 },
      { maxRecords: 7, maxBytes: 1 << 20 },
      { maxRecords: 1000, maxBytes: 1 },
      { maxRecords: 1000, maxBytes: 450 },
    ])('gives all, in bounded batches, none twice: $maxRecords records, $maxBytes bytes', async (limits) => {
      const { log } = await openFor(make);
      await fill(log);
      const whole = byPartition(await drain(log), ({ attributes }) => attributes.id);
      const parts = byPartition(
        await drain(log, 'ocpp.frames', new Map(), limits),
        ({ attributes }) => attributes.id,
      );
      expect(parts).toEqual(whole);
      expect([...whole.values()].flat()).toHaveLength(100);
    });

    it('stops at the count, and at the record that passes the bytes', async () => {
      const { log } = await openFor(make);
      await fill(log);
      const request = { topic: 'ocpp.frames', from: new Map<number, number>() } as const;
      expect(await log.read({ ...request, ...WIDE, maxRecords: 7 })).toHaveLength(7);
      const partition = partitionOf('default/ST-1');
      const one = { ...request, partitions: [partition], maxRecords: 1000 };
      expect((await log.read({ ...one, maxBytes: 1 })).length).toBe(1);
      const few = (await log.read({ ...one, maxBytes: 450 })).length;
      // An adapter may count what it likes as bytes beside the value, but never less than the value.
      expect(few).toBeGreaterThanOrEqual(1);
      expect(few).toBeLessThanOrEqual(5);
    });

    it('starts each partition where it is told to, and at 0 where it is not told', async () => {
      const { log } = await openFor(make);
      await fill(log);
      const whole = byPartition(await drain(log), ({ position }) => position.offset);
      const started = partitionOf('default/ST-2');
      const offsets = whole.get(started) ?? [];
      const read = byPartition(
        await drain(log, 'ocpp.frames', new Map([[started, offsets[11] ?? 0]])),
        ({ position }) => position.offset,
      );
      expect(read).toEqual(new Map([...whole, [started, offsets.slice(11)]]));
    });

    it('reads only the partitions that are asked for', async () => {
      const { log } = await openFor(make);
      await fill(log);
      const partition = partitionOf('default/ST-3');
      const read = await log.read({
        topic: 'ocpp.frames',
        from: new Map(),
        partitions: [partition],
        ...WIDE,
      });
      const expected = STATIONS.filter((station) => partitionOf(`default/${station}`) === partition);
      expect(new Set(read.map(({ attributes }) => attributes.subject))).toEqual(new Set(expected));
      expect(read).toHaveLength(20 * expected.length);
    });

    it('goes back to what it gave before, when asked', async () => {
      const { log } = await openFor(make);
      await fill(log);
      const first = await drain(log);
      expect(await drain(log)).toEqual(first);
      await log.append('ocpp.frames', [sampleRecord('ST-1', 20)]);
      expect(await drain(log)).toHaveLength(first.length + 1);
    });

    it('tells the end of each partition: the offset after its last record', async () => {
      const { log, reader: openReader } = await openFor(make);
      const reader = await openReader();
      expect((await reader.end('ocpp.frames')).get(partitionOf('default/ST-1'))).toBe(0);
      await fill(log);
      const last = byPartition(await drain(log), ({ position }) => position.offset);
      for (const side of [log, reader]) {
        const end = await side.end('ocpp.frames');
        expect(end.size).toBe(24);
        for (const [partition, next] of end) expect(next).toBe((last.get(partition)?.at(-1) ?? -1) + 1);
        expect(await drain(side, 'ocpp.frames', end)).toEqual([]);
      }
      await reader.close();
    });

    it('counts the records from a place on, in the partitions that are named', async () => {
      const { log, reader: openReader } = await openFor(make);
      const reader = await openReader();
      await fill(log);
      const offsets = byPartition(await drain(log), ({ position }) => position.offset);
      const whole = new Map(Array.from({ length: 24 }, (_, partition) => [partition, 0]));
      const end = await log.end('ocpp.frames');
      const started = partitionOf('default/ST-2');
      const middle = new Map([...end, [started, offsets.get(started)?.[11] ?? 0]]);
      for (const side of [log, reader]) {
        const count = (from: Offsets) => side.recordsFrom('ocpp.frames', from);
        expect(await count(whole)).toBe(100);
        expect(await count(middle)).toBe((offsets.get(started)?.length ?? 0) - 11);
        expect(await count(end)).toBe(0);
        expect(await count(new Map())).toBe(0);
        for (const [partition, { length }] of offsets)
          expect(await count(new Map([[partition, 0]]))).toBe(length);
        expect(await count(whole)).toBe(100);
      }
      await log.append('ocpp.frames', [sampleRecord('ST-2', 20)]);
      expect(await reader.recordsFrom('ocpp.frames', middle)).toBe((offsets.get(started)?.length ?? 0) - 10);
      await reader.close();
    });

    it('gives another reader what was acknowledged', async () => {
      const { log, reader: openReader } = await openFor(make);
      const reader = await openReader();
      await fill(log);
      expect(await drain(reader)).toEqual(await drain(log));
      expect(reader.generation).toBe(log.generation);
      await reader.close();
      await expect(reader.end('ocpp.frames')).rejects.toMatchObject({ name: 'LogFailed' });
    });
  });

  describe('commit', () => {
    it('notes how far each group has come in each topic, partition by partition', async () => {
      const { log, reader: openReader } = await openFor(make);
      await log.append('platform.decisions', [sampleRecord('ST-1', 0), sampleRecord('ST-1', 1)]);
      await log.append('ocpp.frames', [
        { ...sampleRecord('ST-1', 0), partition: 3 },
        { ...sampleRecord('ST-1', 1), partition: 4 },
      ]);
      const end = await log.end('ocpp.frames');
      const [third, fourth] = [end.get(3) ?? 0, end.get(4) ?? 0];
      expect(await log.committed('ocpp.frames', 'projector')).toEqual(new Map());
      await log.commit('ocpp.frames', 'projector', new Map([[3, third]]));
      await log.commit('ocpp.frames', 'projector', new Map([[4, fourth]]));
      await log.commit('ocpp.frames', 'other', new Map([[3, 0]]));
      await log.commit('platform.decisions', 'projector', new Map([[0, 1]]));
      const reader = await openReader();
      const expected = new Map([
        [3, third],
        [4, fourth],
      ]);
      expect(await reader.committed('ocpp.frames', 'projector')).toEqual(expected);
      expect(await log.committed('ocpp.frames', 'other')).toEqual(new Map([[3, 0]]));
      expect(await log.committed('platform.decisions', 'projector')).toEqual(new Map([[0, 1]]));
      await reader.close();
    });
  });
}
