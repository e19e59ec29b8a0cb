import { logContract } from '@chargeproof/log/testing';
import { openKafkaLog, openKafkaLogReader } from '@chargeproof/log-kafka';
import { afterAll, expect, it } from 'vitest';
import { offerKafka } from '../fixtures/kafka-broker.ts';
import { kafkaUnderTest } from '../fixtures/kafka-topics.ts';

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

  it('says nothing of what is how things go', () => {
    expect(kafka.troubles).toEqual([]);
  });
}
