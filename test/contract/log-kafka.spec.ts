import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { logContract, sampleRecord } from '@chargeproof/log/testing';
import { type KafkaOptions, openKafkaLog, openKafkaLogReader } from '@chargeproof/log-kafka';
import { openSpooledLog, spoolFolder } from '@chargeproof/log-spool';
import { openSqliteLog, openSqliteLogReader } from '@chargeproof/log-sqlite';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { offerKafka } from '../fixtures/kafka-broker.ts';
import { kafkaTool } from '../fixtures/kafka-jars.ts';
import { kafkaUnderTest } from '../fixtures/kafka-topics.ts';

const WAIT = { timeout: 60_000, interval: 20 };

const offer = offerKafka();
if ('missing' in offer) {
  it.skip(`the log on Kafka (${offer.missing})`, () => undefined);
} else {
  const kafka = kafkaUnderTest(offer.start);
  afterAll(() => kafka.stop());

  logContract('the log on Kafka', async () => {
    const options = await kafka.options();
    return {
      log: await openKafkaLog(options),
      reader: () => openKafkaLogReader(options),
      dispose: () => Promise.resolve(),
    };
  });

  logContract('the log on Kafka with a spool before it, on SQLite', async () => {
    const options = await kafka.options();
    const folder = mkdtempSync(join(tmpdir(), 'chargeproof-spool-'));
    const create = (segment: string) => openSqliteLog({ folder: segment });
    const open = (segment: string) => openSqliteLogReader({ folder: segment });
    return {
      log: await openSpooledLog({
        openLog: () => openKafkaLog(options, { isPatient: true }),
        store: spoolFolder({ folder, create, open }),
        // A busy machine's broker is not away: what is spooled has no position in the log.
        spoolAfterMilliseconds: 20_000,
        maxBytes: 1 << 26,
        isOfTheReserve: () => false,
      }),
      reader: () => openKafkaLogReader(options),
      dispose: () => {
        rmSync(folder, { recursive: true });
        return Promise.resolve();
      },
    };
  });

  it('says nothing of what is how things go', () => {
    expect(kafka.troubles).toEqual([]);
  });

  it('gives a record the same loggedAt wherever reading begins', async () => {
    const options = await kafka.options();
    const log = await openKafkaLog(options);
    const moved = [100, 300, 200, 250].map((loggedat, sequence) => ({
      ...sampleRecord('ST-1', sequence, 'moved', { loggedat }),
      partition: 5,
    }));
    await log.append('ocpp.frames', moved);
    const reader = await openKafkaLogReader(options);
    const bounds = { topic: 'ocpp.frames', partitions: [5], maxRecords: 10, maxBytes: 1 << 20 } as const;
    const read = await reader.read({ ...bounds, from: new Map([[5, 2]]) });
    expect(read.map(({ loggedAt }) => loggedAt)).toEqual([300, 300]);
    const followed: number[] = [];
    const subscription = reader.subscribe({ ...bounds, from: new Map([[5, 3]]) }, (batch) => {
      followed.push(...batch.map(({ loggedAt }) => loggedAt));
      return Promise.resolve();
    });
    await vi.waitFor(() => {
      expect(followed).toEqual([300]);
    }, WAIT);
    await subscription.close();
    await Promise.all([log.close(), reader.close()]);
  });

  it('does not go on where another log was read before', async () => {
    const log = await openKafkaLog(await kafka.options());
    const request = { topic: 'ocpp.frames', from: new Map([[3, 7]]), maxRecords: 1, maxBytes: 1 } as const;
    const subscription = log.subscribe(request, () => Promise.resolve());
    await expect(subscription.failed).rejects.toThrow(/partition 3 ends at 0, and was read to 7/);
    await log.close();
  });

  describe('topics', () => {
    it('are refused in one line where they are not as the log needs them', async () => {
      const options = await kafka.options();
      await (await openKafkaLog(options)).close();
      await kafkaTool('kafka.admin.ConfigCommand', [
        ...['--bootstrap-server', options.brokers.join(',')],
        ...['--alter', '--entity-type', 'topics', '--entity-name', `${options.topicPrefix}ocpp.frames`],
        ...['--add-config', 'retention.ms=86400000,message.timestamp.type=CreateTime'],
      ]);
      await expect(openKafkaLog(options)).rejects.toThrow(
        /^the log cannot be kept there: topic \S+ has message.timestamp.type CreateTime, not LogAppendTime; topic \S+ has retention.ms 86400000, not -1$/,
      );
    });

    it('cannot be had where no broker answers', async () => {
      const nowhere = { ...(await kafka.options()), brokers: ['127.0.0.1:1'] };
      await expect(openKafkaLog(nowhere)).rejects.toThrow(/^no log on 127.0.0.1:1: /);
    });
  });

  describe('a group', () => {
    it('gives nobody a partition before its last holder has let go of it', async () => {
      const options: KafkaOptions = { ...(await kafka.options()), sessionMs: 6000 };
      const log = await openKafkaLog(options);
      const other = await openKafkaLogReader(options);
      const [held, most] = [new Map<number, number>(), new Map<number, number>()];
      const member = () => {
        let own: readonly number[] = [];
        const count = (by: 1 | -1) => {
          for (const partition of own) {
            const holders = (held.get(partition) ?? 0) + by;
            held.set(partition, holders);
            most.set(partition, Math.max(holders, most.get(partition) ?? 0));
          }
        };
        return {
          own: () => own,
          take: (partitions: readonly number[]) => {
            own = partitions;
            count(1);
            return Promise.resolve();
          },
          // What is under way takes its time, and the other one is there at once.
          release: async () => {
            await log.end('ocpp.frames');
            await new Promise((resolve) => setTimeout(resolve, 700));
            count(-1);
            own = [];
          },
        };
      };
      const [first, second] = [member(), member()];
      const joined = log.join('ocpp.frames', 'sharing', first);
      await vi.waitFor(() => {
        expect(first.own()).toHaveLength(24);
      }, WAIT);
      const joinedToo = other.join('ocpp.frames', 'sharing', second);
      await vi.waitFor(() => {
        expect([first.own().length, second.own().length]).toEqual([12, 12]);
      }, WAIT);
      const [partition = 0] = second.own();
      await other.commit('ocpp.frames', 'sharing', new Map([[partition, 0]]));
      expect(await log.committed('ocpp.frames', 'sharing')).toEqual(new Map([[partition, 0]]));
      await joined.close();
      await vi.waitFor(() => {
        expect(second.own()).toHaveLength(24);
      }, WAIT);
      await joinedToo.close();
      expect(new Set(most.values())).toEqual(new Set([1]));
      await Promise.all([log.close(), other.close()]);
    });
  });
}
