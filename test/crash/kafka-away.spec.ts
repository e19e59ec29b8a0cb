import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openKafkaLogReader } from '@chargeproof/log-kafka';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { offerSecuredKafka, type SecuredKafkaBroker } from '../fixtures/kafka-broker.ts';
import { kafkaUnderTest } from '../fixtures/kafka-topics.ts';
import { deleteTopics } from '../fixtures/kafka-topics-gone.ts';
import { GatewayOnKafka, WHOLE } from './away/gateway-on-kafka.ts';

const offer = offerSecuredKafka();
if ('missing' in offer) {
  it.skip(`a gateway whose broker goes away (${offer.missing})`, () => undefined);
} else {
  let broker: SecuredKafkaBroker;
  const kafka = kafkaUnderTest(async () => (broker = await offer.start()));
  afterAll(() => kafka.stop());
  const onKafka = async () => new GatewayOnKafka(await kafka.options());

  describe('a gateway answers while its broker', { timeout: 240_000 }, () => {
    it('is killed under load and started again', async () => {
      const gateway = await onKafka();
      await gateway.start();
      await gateway.answers(200);
      broker.own.signal('SIGKILL');
      const killed = Date.now();
      await gateway.becomes('degraded');
      await gateway.answers(300);
      const inBetween = gateway.fleet.answeredBetween(killed, Date.now());
      await broker.own.startAgain();
      await gateway.becomes('ready');
      await gateway.answers(100);
      expect(await gateway.compared()).toMatchObject(WHOLE);
      expect(inBetween).toBeGreaterThan(300);
      expect(gateway.fleet.errors).toEqual([]);
      expect(gateway.fleet.longestWait).toBeLessThan(5000);
      expect(readdirSync(join(gateway.folder, 'spool')).filter((name) => name.startsWith('segment'))).toEqual(
        [],
      );
      expect(gateway.said).toMatch(/records are spooled/);
    });

    it('stands still, and says afterwards what it took', async () => {
      const gateway = await onKafka();
      await gateway.start();
      await gateway.answers(200);
      broker.own.signal('SIGSTOP');
      await gateway.becomes('degraded');
      await gateway.answers(300);
      await pause(8000);
      broker.own.signal('SIGCONT');
      expect(await gateway.compared()).toMatchObject(WHOLE);
      expect(gateway.fleet.longestWait).toBeLessThan(5000);
    });

    it('has lost the topic, until it is made again', async () => {
      const gateway = await onKafka();
      await gateway.start();
      await gateway.answers(200);
      const before = gateway.fleet.answered.length;
      const { brokers, topicPrefix } = gateway.options;
      await deleteTopics(brokers, [`${topicPrefix}ocpp.frames`]);
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

  describe('a gateway that is killed', { timeout: 240_000 }, () => {
    it('while it spools comes up on its spool, and drains it first when the broker is there', async () => {
      const gateway = await onKafka();
      await gateway.start();
      await gateway.answers(100);
      broker.own.signal('SIGKILL');
      await gateway.becomes('degraded');
      await gateway.answers(200);
      await gateway.signal('SIGKILL');
      await gateway.start();
      await gateway.answers(200);
      expect(await gateway.readiness()).toMatchObject({ status: 'degraded' });
      await gateway.signal('SIGTERM');
      await gateway.start();
      await broker.own.startAgain();
      expect(await gateway.compared()).toMatchObject(WHOLE);
    });

    it.each([
      { looksUp: true, doubles: 'nothing' },
      // The control: what finds no doubles here would find none anywhere.
      { looksUp: false, doubles: 'what was under way' },
    ])('while its broker stands still doubles $doubles where it looks up: $looksUp', async ({ looksUp }) => {
      const gateway = await onKafka();
      await gateway.start();
      await gateway.answers(100);
      broker.own.signal('SIGSTOP');
      await gateway.becomes('degraded');
      await gateway.answers(50);
      await gateway.signal('SIGKILL');
      // It takes what the dead process sent it.
      broker.own.signal('SIGCONT');
      await pause(2000);
      const note = join(gateway.folder, 'spool', 'note.json');
      const noted = JSON.parse(readFileSync(note, 'utf8')) as { readonly unknown: number };
      expect(noted.unknown).toBeGreaterThan(0);
      if (!looksUp) writeFileSync(note, JSON.stringify({ ...noted, unknown: 0 }));
      await gateway.start();
      const { doubled, ...rest } = await gateway.compared();
      if (looksUp) expect({ doubled, ...rest }).toMatchObject(WHOLE);
      else expect(doubled.length).toBeGreaterThan(0);
    });

    it('while it drains, again and again, doubles nothing and loses nothing', async () => {
      const gateway = await onKafka();
      await gateway.start();
      for (let round = 0; round < 3; round += 1) {
        await gateway.becomes('ready');
        await gateway.answers(50);
        broker.own.signal('SIGSTOP');
        await gateway.becomes('degraded');
        await gateway.answers(200);
        broker.own.signal('SIGCONT');
        await vi.waitUntil(() => existsSync(join(gateway.folder, 'spool', 'note.json')));
        await pause(round * 25);
        await gateway.signal('SIGKILL');
        await gateway.start();
      }
      expect(await gateway.compared()).toMatchObject(WHOLE);
    });
  });
}
