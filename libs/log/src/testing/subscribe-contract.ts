import type { LoggedRecord } from '@chargeproof/record';
import { partitionOf } from '@chargeproof/record';
import { describe, expect, it, vi } from 'vitest';
import type { Offsets } from '../log.ts';
import { byPartition, drain, openFor } from './drain.ts';
import type { MakeLog } from './log-under-test.ts';
import { sampleRecord } from './sample-records.ts';

const STATIONS = ['ST-1', 'ST-2', 'ST-3', 'ST-4', 'ST-5'];
const ids = (records: readonly LoggedRecord[]) => byPartition(records, ({ attributes }) => attributes.id);
const all = (from: Offsets = new Map()) =>
  ({ topic: 'ocpp.frames', from, maxRecords: 17, maxBytes: 1 << 20 }) as const;
const WAIT = { timeout: 20_000, interval: 5 };

export function subscribeContract(make: MakeLog): void {
  describe('subscribe', () => {
    it('leaves nothing out and gives nothing twice while appends go on', async () => {
      const { log, reader: openReader } = await openFor(make);
      const reader = await openReader();
      await log.append('ocpp.frames', [sampleRecord('early', 0)]);
      const seen: LoggedRecord[][] = [[], []];
      const subscriptions = [log, reader].map((side, index) =>
        side.subscribe(all(), (batch) => {
          seen[index]?.push(...batch);
          return Promise.resolve();
        }),
      );
      for (let sequence = 0; sequence < 100; sequence += 1) {
        const appended = STATIONS.map((station) =>
          log.append('ocpp.frames', [sampleRecord(station, sequence)]),
        );
        if (sequence % 3 === 0) await Promise.all(appended);
      }
      await vi.waitFor(() => {
        expect(seen.map((records) => records.length)).toEqual([501, 501]);
      }, WAIT);
      await Promise.all(subscriptions.map((subscription) => subscription.close()));
      const whole = ids(await drain(log));
      expect(seen.map(ids)).toEqual([whole, whole]);
      await reader.close();
    });

    it('starts from the offsets it is given', async () => {
      const { log } = await openFor(make);
      for (let sequence = 0; sequence < 10; sequence += 1) {
        await log.append('ocpp.frames', [sampleRecord('ST-1', sequence)]);
      }
      const partition = partitionOf('default/ST-1');
      const fifth = (await drain(log))[5]?.position.offset ?? 0;
      const seen: LoggedRecord[] = [];
      const subscription = log.subscribe(all(new Map([[partition, fifth]])), (batch) => {
        seen.push(...batch);
        return Promise.resolve();
      });
      await vi.waitFor(() => {
        expect(seen.map(({ attributes }) => attributes.sequence)).toEqual([5, 6, 7, 8, 9]);
      }, WAIT);
      await subscription.close();
    });

    it('hands over one batch at a time', async () => {
      const { log } = await openFor(make);
      let running = 0;
      let most = 0;
      let handled = 0;
      const subscription = log.subscribe({ ...all(), maxRecords: 2 }, async (batch) => {
        running += 1;
        most = Math.max(most, running);
        await log.end('ocpp.frames');
        running -= 1;
        handled += batch.length;
      });
      for (let sequence = 0; sequence < 20; sequence += 1) {
        await log.append('ocpp.frames', [sampleRecord('ST-1', sequence)]);
      }
      await vi.waitFor(() => {
        expect(handled).toBe(20);
      }, WAIT);
      await subscription.close();
      expect(most).toBe(1);
    });

    it('ends with the error of its handler, which is called no more', async () => {
      const { log } = await openFor(make);
      let calls = 0;
      const subscription = log.subscribe({ ...all(), maxRecords: 1 }, () => {
        calls += 1;
        return Promise.reject(new Error('cannot fold this'));
      });
      const failed = expect(subscription.failed).rejects.toThrow('cannot fold this');
      await log.append('ocpp.frames', [sampleRecord('ST-1', 0), sampleRecord('ST-1', 1)]);
      await failed;
      await log.append('ocpp.frames', [sampleRecord('ST-1', 2)]);
      await subscription.close();
      expect(calls).toBe(1);
    });

    it.each(['subscription', 'log'] as const)(
      'waits for the handler when the %s is closed',
      async (closed) => {
        const { log } = await openFor(make);
        const entered = Promise.withResolvers<undefined>();
        const release = Promise.withResolvers<undefined>();
        let settled = false;
        let calls = 0;
        const subscription = log.subscribe(all(), async () => {
          calls += 1;
          entered.resolve(undefined);
          await release.promise;
          settled = true;
        });
        await log.append('ocpp.frames', [sampleRecord('ST-1', 0)]);
        await entered.promise;
        const closing = (closed === 'log' ? log : subscription).close().then(() => settled);
        release.resolve(undefined);
        expect(await closing).toBe(true);
        expect(calls).toBe(1);
      },
    );
  });
}
