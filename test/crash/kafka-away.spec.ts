import { setTimeout as pause } from 'node:timers/promises';
import { variableName } from '@chargeproof/config';
import { openKafkaLog, openKafkaLogReader } from '@chargeproof/log-kafka';
import { deleteTopic, forgetProducersAfter } from '@chargeproof/log-kafka/testing';
import { drain, sampleRecord } from '@chargeproof/log/testing';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { offerSecuredKafka, type SecuredKafkaBroker } from '../fixtures/kafka-broker.ts';
import { kafkaUnderTest } from '../fixtures/kafka-topics.ts';
import { GatewayOnKafka, WHOLE } from './away/gateway-on-kafka.ts';

const offer = offerSecuredKafka();
if ('missing' in offer) {
  it.skip(`a gateway whose broker goes away (${offer.missing})`, () => undefined);
} else {
  let broker: SecuredKafkaBroker;
  const kafka = kafkaUnderTest(async () => (broker = await offer.start()));
  afterAll(() => kafka.stop());

  /** Gateways that know nothing of one another, each with a fleet that has been answered: one outage is for all. */
  const started = async (count: number, replication = 1, settings: Settings = {}) => {
    const gateways: GatewayOnKafka[] = [];
    for (let each = 0; each < count; each += 1)
      gateways.push(new GatewayOnKafka({ ...(await kafka.options()), replication }));
    // One after the other: a first start must be heard by the log in time.
    for (const gateway of gateways) await gateway.start(settings);
    await all(gateways, (gateway) => gateway.answers(100));
    return gateways as [GatewayOnKafka, ...GatewayOnKafka[]];
  };

  describe('gateways answer while their broker', { timeout: 240_000 }, () => {
    it('is killed under load and started again; one of them is killed while it spools, and comes up on its spool', async () => {
      const gateways = await started(2);
      const [stays, killed = stays] = gateways;
      broker.own.signal('SIGKILL');
      const from = Date.now();
      await all(gateways, (gateway) => gateway.becomes('degraded'));
      await Promise.all([stays.answers(300), killed.answers(200)]);
      const inBetween = stays.fleet.answeredBetween(from, Date.now());
      await killed.signal('SIGKILL');
      await killed.start();
      await killed.answers(200);
      expect(await killed.readiness()).toMatchObject({ status: 'degraded' });
      const again = broker.own.startAgain();
      await killed.signal('SIGTERM');
      await killed.start();
      await again;
      await all(gateways, (gateway) => gateway.becomes('ready'));
      await stays.answers(100);
      expect(await all(gateways, (gateway) => gateway.compared())).toMatchObject([WHOLE, WHOLE]);
      expect(inBetween).toBeGreaterThanOrEqual(300);
      expect(stays.fleet.errors).toEqual([]);
      expect(stays.fleet.unanswered).toEqual([]);
      expect(stays.segments).toEqual([]);
      expect(stays.said).toMatch(/records are spooled/);
    });

    it('stands still, and says afterwards what it took; whose gateway was killed meanwhile has it once', async () => {
      const gateways = await started(3);
      const [stays, looksUp = stays, forgets = stays] = gateways;
      broker.own.signal('SIGSTOP');
      await all(gateways, (gateway) => gateway.becomes('degraded'));
      await stays.answers(300);
      for (const killed of [looksUp, forgets]) {
        await killed.signal('SIGKILL');
        expect(killed.note.unknown).toBeGreaterThan(0);
      }
      broker.own.signal('SIGCONT');
      // What it looks up and what the dead process sent come at once.
      await looksUp.start();
      // Until the broker has what it was sent: what is not looked up is there twice.
      await stays.becomes('ready');
      forgets.forget();
      await forgets.start();
      const [whole, again, control] = await all(gateways, (gateway) => gateway.compared());
      expect([whole, again]).toMatchObject([WHOLE, WHOLE]);
      expect(stays.fleet.unanswered).toEqual([]);
      // The control: what finds no doubles here would find none anywhere.
      expect(control?.doubled.length).toBeGreaterThan(0);
    });

    it('has lost the topic, until it is made again', async () => {
      const [gateway] = await started(1);
      const before = gateway.fleet.answered.length;
      await deleteTopic(gateway.options, `${gateway.options.topicPrefix}ocpp.frames`);
      await gateway.becomes('degraded');
      await gateway.answers(200);
      await (await openKafkaLogReader(gateway.options)).close();
      const { lost, ...rest } = await gateway.compared();
      expect(rest).toMatchObject({ doubled: [] });
      // What was in the topic went with it: nothing that was answered while it was gone did.
      const late = gateway.fleet.answered.slice(-200).map(({ id }) => id);
      expect(lost.filter((id) => late.includes(id))).toEqual([]);
      expect(lost.length).toBeLessThanOrEqual(gateway.fleet.answered.length - 200);
      expect(before).toBeGreaterThan(0);
    });
  });

  it(
    'a gateway that is killed while it drains, again and again, doubles nothing and loses nothing',
    { timeout: 240_000 },
    async () => {
      const [gateway] = await started(1);
      for (let round = 0; round < 3; round += 1) {
        await gateway.becomes('ready');
        await gateway.answers(50);
        broker.own.signal('SIGSTOP');
        await gateway.becomes('degraded');
        await gateway.answers(200);
        broker.own.signal('SIGCONT');
        await vi.waitUntil(() => gateway.hasNote, { timeout: 30_000, interval: 10 });
        await pause(round * 25);
        await gateway.signal('SIGKILL');
        await gateway.start();
      }
      expect(await gateway.compared()).toMatchObject(WHOLE);
    },
  );

  describe('what a dead process sent', { timeout: 60_000 }, () => {
    const records = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, index) => sampleRecord('LATE', from + index));

    /** The one that dies, its successor that knows its numbers, and how often each record is there in the end. */
    async function around(
      work: (append: Record<'dead' | 'next', (count: number) => Promise<unknown>>) => Promise<void>,
    ) {
      const options = await kafka.options();
      const [dead, next] = [await openKafkaLog(options), await openKafkaLog(options)];
      await dead.append('ocpp.frames', records(0, 3));
      const { numbering } = dead;
      const append = (log: typeof dead) => (count: number) =>
        log.append('ocpp.frames', records(3, 3 + count));
      next.resume(numbering);
      await work({ dead: append(dead), next: append(next) });
      const ids = (await drain(next)).map(({ attributes }) => attributes.sequence);
      await Promise.all([dead.close(), next.close()]);
      return ids;
    }

    it('and arrives after its successor looked it up is there once, whichever comes first', async () => {
      const first = await around(async ({ dead, next }) => {
        await dead(4);
        await next(4);
      });
      const last = await around(async ({ dead, next }) => {
        await next(4);
        await dead(4);
      });
      expect([first, last]).toEqual([
        [0, 1, 2, 3, 4, 5, 6],
        [0, 1, 2, 3, 4, 5, 6],
      ]);
    });

    it('and is not what its successor sends is refused, or has it refused', async () => {
      const late = await around(async ({ dead, next }) => {
        await next(4);
        await expect(dead(2)).rejects.toThrow(/out of order/);
      });
      const early = await around(async ({ dead, next }) => {
        await dead(2);
        await expect(next(4)).rejects.toMatchObject({ name: 'NumbersRefused' });
      });
      expect([late, early]).toEqual([
        [0, 1, 2, 3, 4, 5, 6],
        [0, 1, 2, 3, 4],
      ]);
    });
  });

  it('a producer that was silent until its broker forgot it goes on; what is sent again by then is there twice', async () => {
    const options = await kafka.options();
    const records = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, index) => sampleRecord('IDLE', from + index));
    const [idle, again] = [await openKafkaLog(options), await openKafkaLog(options)];
    await forgetProducersAfter(options, broker.own.id, 500);
    try {
      await idle.append('ocpp.frames', records(0, 3));
      const { numbering } = again;
      const repeat = () => {
        again.resume(numbering);
        return again.append('ocpp.frames', records(100, 101));
      };
      const [first] = await repeat();
      // As long as it is remembered, the broker says where it has it already.
      await vi.waitUntil(async () => (await repeat())[0]?.offset !== first?.offset, {
        timeout: 60_000,
        interval: 100,
      });
      await idle.append('ocpp.frames', records(3, 6));
      await idle.append('ocpp.frames', records(6, 8));
      const kept = (await drain(idle)).map(({ attributes }) => attributes.sequence);
      expect(kept).toEqual([0, 1, 2, 100, 100, 3, 4, 5, 6, 7]);
    } finally {
      await forgetProducersAfter(options, broker.own.id);
      await Promise.all([idle.close(), again.close()]);
    }
  });

  it(
    'gateways answer while one of two brokers is dead: of what it leads alone, and of what the other has, too',
    { timeout: 240_000 },
    async () => {
      await kafka.options();
      const second = await broker.own.startSecond();
      const [leaderless] = await started(1);
      // The first record waits for a copy that has just been made.
      const [led] = await started(1, 2, { [variableName('kafka', 'spoolAfterSeconds')]: '2' });
      second.signal('SIGKILL');
      const from = Date.now();
      await leaderless.becomes('degraded');
      await Promise.all([leaderless.answers(300), led.answers(100)]);
      expect(leaderless.fleet.answeredBetween(from, Date.now())).toBeGreaterThanOrEqual(300);
      // What has another copy needs no more than another leader.
      await led.becomes('ready');
      expect(await leaderless.readiness()).toMatchObject({ status: 'degraded' });
      expect([leaderless, led].flatMap(({ fleet }) => fleet.unanswered)).toEqual([]);
      // Its next process finds a broker that stands still, and a spool; then one that says who leads nothing.
      await leaderless.signal('SIGKILL');
      broker.own.signal('SIGSTOP');
      await leaderless.start();
      const left = await leaderless.figure('spool_records');
      broker.own.signal('SIGCONT');
      await vi.waitUntil(async () => NO_LEADER.test(await leaderless.whyDegraded()), {
        timeout: 90_000,
        interval: 200,
      });
      await leaderless.answers(100);
      expect(left).toBeGreaterThan(300);
      expect(await leaderless.figure('spool_records')).toBeGreaterThan(left);
      expect(await leaderless.figure('spool_drained_total')).toBe(0);
      expect(leaderless.said.split('\n').filter((line) => NO_LEADER.test(line))).toHaveLength(1);
      await second.startAgain();
      await leaderless.becomes('ready');
      for (const gateway of [leaderless, led]) {
        expect(await gateway.compared()).toMatchObject(WHOLE);
        expect(gateway.fleet.errors).toEqual([]);
        expect(gateway.said).toMatch(/records are spooled/);
      }
    },
  );
}

const NO_LEADER = /no leader/i;

type Settings = Readonly<Record<string, string>>;

const all = <Each, Result>(list: readonly Each[], work: (each: Each) => Promise<Result>) =>
  Promise.all(list.map(work));
