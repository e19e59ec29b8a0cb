import { createHash } from 'node:crypto';
import { FRAME_PARTITIONS, partitionOf } from '@chargeproof/record';
import { describe, expect, it } from 'vitest';
import type { AppendRequest } from '../log.ts';
import { byPartition, drain, isNonDecreasing, isRising, openFor } from './drain.ts';
import type { MakeLog } from './log-under-test.ts';
import { contentOf, ODD_ATTRIBUTES, sampleRecord } from './sample-records.ts';

const stations = Array.from({ length: 40 }, (_, index) => `ST-${index}`);
const digest = (value: Uint8Array) => createHash('sha256').update(value).digest('hex');
const bytes = (...values: number[]) => Uint8Array.from(values);

export function appendContract(make: MakeLog): void {
  describe('append', () => {
    it('gives the position at which each record is then read', async () => {
      const { log } = await openFor(make);
      const records = stations.map((station) => sampleRecord(station, 0));
      const positions = await log.append('ocpp.frames', records);
      const read = await drain(log);
      expect(read).toHaveLength(records.length);
      const found = new Map(read.map((record) => [record.attributes.id, record.position]));
      expect(positions).toEqual(records.map(({ attributes }) => found.get(attributes.id)));
      expect(new Set(positions.map(({ generation }) => generation))).toEqual(new Set([log.generation]));
    });

    it('keeps the order of calls in every partition, though nobody waits between them', async () => {
      const { log } = await openFor(make);
      const calls = Array.from({ length: 60 }, (_, call) =>
        stations.slice(call % 7).map((station) => sampleRecord(station, call)),
      );
      await Promise.all(calls.map((call) => log.append('ocpp.frames', call)));
      const expected = Map.groupBy(calls.flat(), ({ key }) => partitionOf(key));
      const read = await drain(log);
      const ids = byPartition(read, ({ attributes }) => attributes.id);
      for (const [partition, records] of expected) {
        expect(ids.get(partition)).toEqual(records.map(({ attributes }) => attributes.id));
      }
      for (const offsets of byPartition(read, ({ position }) => position.offset).values()) {
        expect(isRising(offsets)).toBe(true);
      }
    });

    it('places a record by its key, or in the partition it names', async () => {
      const { log } = await openFor(make);
      const everywhere = Array.from({ length: FRAME_PARTITIONS }, (_, partition) => ({
        ...sampleRecord('run', partition),
        partition,
      }));
      const positions = await log.append('ocpp.frames', [sampleRecord('ST-1', 0), ...everywhere]);
      expect(positions.map(({ partition }) => partition)).toEqual([
        partitionOf('default/ST-1'),
        ...everywhere.map(({ partition }) => partition),
      ]);
    });

    it.each([-1, FRAME_PARTITIONS, 1.5, Number.NaN])(
      'refuses partition %s with a RangeError and writes nothing of the call',
      async (partition) => {
        const { log } = await openFor(make);
        const call = [sampleRecord('ST-1', 0), { ...sampleRecord('ST-1', 1), partition }];
        await expect(log.append('ocpp.frames', call)).rejects.toThrow(RangeError);
        await log.append('ocpp.frames', [sampleRecord('ST-1', 2)]);
        expect((await drain(log)).map(({ attributes }) => attributes.sequence)).toEqual([2]);
      },
    );

    it('keeps the two topics apart', async () => {
      const { log } = await openFor(make);
      const [frame, decision] = [sampleRecord('ST-1', 0, 'frame'), sampleRecord('ST-1', 1, 'decision')];
      const [, [position]] = await Promise.all([
        log.append('ocpp.frames', [frame]),
        log.append('platform.decisions', [decision]),
      ]);
      expect(position?.partition).toBe(0);
      expect((await drain(log)).map(contentOf)).toEqual([contentOf(frame)]);
      expect((await drain(log, 'platform.decisions')).map(contentOf)).toEqual([contentOf(decision)]);
    });

    it('appends nothing when given nothing', async () => {
      const { log } = await openFor(make);
      expect(await log.append('ocpp.frames', [])).toEqual([]);
      expect(await drain(log)).toEqual([]);
    });

    it('gives back every byte of a value', async () => {
      const { log } = await openFor(make);
      const large = new Uint8Array(4 * 1024 * 1024).map((_, index) => (index * 31 + (index >> 8)) & 255);
      const values = [
        bytes(),
        bytes(0),
        bytes(0xff, 0xfe, 0, 0xc3, 0x28),
        large,
        bytes(...Buffer.from('é\u{1f697}')),
      ];
      const records = values.map((value, index) => sampleRecord('ST-1', index, value));
      await log.append('ocpp.frames', records);
      const read = await drain(log);
      expect(read.map(({ value }) => digest(value))).toEqual(values.map(digest));
    });

    it('does not see what becomes of a buffer after the call', async () => {
      const { log } = await openFor(make);
      const value = new TextEncoder().encode('as it was');
      const appended = log.append('ocpp.frames', [sampleRecord('ST-1', 0, value)]);
      value.fill(0x21);
      await appended;
      expect((await drain(log)).map((record) => Buffer.from(record.value).toString())).toEqual(['as it was']);
    });

    it('gives back every attribute and key', async () => {
      const { log } = await openFor(make);
      const usual = sampleRecord('ST-1', 0);
      const records: readonly AppendRequest[] = [
        ...ODD_ATTRIBUTES.map((attributes) => ({ ...usual, attributes, partition: 7 })),
        ...['default/%2D', 'default/-', ''].map((key) => ({ ...usual, key, partition: 7 })),
      ];
      await log.append('ocpp.frames', records);
      expect((await drain(log)).map(contentOf)).toEqual(records.map(contentOf));
    });

    it('stamps loggedAt, non-decreasing in every partition', async () => {
      const { log } = await openFor(make);
      const before = Date.now() * 1000;
      for (let call = 0; call < 20; call += 1) {
        await log.append(
          'ocpp.frames',
          stations.map((station) => sampleRecord(station, call)),
        );
      }
      const stamps = byPartition(await drain(log), ({ loggedAt }) => loggedAt);
      for (const loggedAt of stamps.values()) {
        expect(isNonDecreasing(loggedAt)).toBe(true);
        // A broker's clock is not ours: a minute is far more than two hosts of one cluster differ.
        expect(Math.abs((loggedAt[0] ?? 0) - before)).toBeLessThan(60_000_000);
      }
    });

    it('lets loggedat of a moved record hold, made non-decreasing too', async () => {
      const { log } = await openFor(make);
      const moved = [100, 300, 200, 400].map((loggedat, sequence) => ({
        ...sampleRecord('ST-1', sequence, 'moved', { loggedat }),
        partition: 5,
      }));
      await log.append('ocpp.frames', moved.slice(0, 2));
      await log.append('ocpp.frames', [...moved.slice(2), { ...sampleRecord('ST-1', 4), partition: 5 }]);
      await log.append('ocpp.frames', [
        { ...sampleRecord('ST-1', 5, 'moved', { loggedat: 500 }), partition: 5 },
        { ...sampleRecord('ST-2', 0, 'moved', { loggedat: 600 }), partition: 6 },
      ]);
      const read = byPartition(await drain(log), ({ loggedAt }) => loggedAt);
      const fifth = read.get(5) ?? [];
      expect(fifth.slice(0, 4)).toEqual([100, 300, 300, 400]);
      expect(fifth[4]).toBeGreaterThan(1_000_000_000_000_000);
      expect(fifth[5]).toBe(fifth[4]);
      expect(read.get(6)).toEqual([600]);
    });

    it('settles what was appended before it closes', async () => {
      const { log, reader: openReader } = await openFor(make);
      const reader = await openReader();
      const appended = Promise.all(
        [0, 1, 2].map((sequence) => log.append('ocpp.frames', [sampleRecord('ST-1', sequence)])),
      );
      await log.close();
      expect(await appended).toHaveLength(3);
      expect(await drain(reader)).toHaveLength(3);
      await reader.close();
    });

    it('refuses to append once it is closed', async () => {
      const { log } = await openFor(make);
      await log.close();
      await expect(log.append('ocpp.frames', [sampleRecord('ST-1', 0)])).rejects.toMatchObject({
        name: 'LogFailed',
      });
    });
  });
}
