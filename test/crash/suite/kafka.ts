import { variableName } from '@chargeproof/config';
import { openKafkaLogReader } from '@chargeproof/log-kafka';
import { drain } from '@chargeproof/log/testing';
import { ownName } from '../../e2e/cluster/servers.ts';
import { offerClickHouse } from '../../fixtures/clickhouse-server.ts';
import { offerSecuredKafka } from '../../fixtures/kafka-broker.ts';
import type { ProfileStart } from './profile.ts';
import { AppVictim, ServerVictim, type Victim } from './victim.ts';

/** Short, so that a broker that is away is away for long as the gateway sees it. */
const SPOOLS_AFTER_SECONDS = 0.5;

/**
 * A broker and a ClickHouse server of its own, and a projector, all of which are killed, too.
 * @throws Error with the reason why this machine cannot have one of the servers
 */
export const onKafka: ProfileStart = async (root, data) => {
  const [kafka, clickHouse] = [offerSecuredKafka(), offerClickHouse()];
  if ('missing' in kafka) throw new Error(kafka.missing);
  if ('missing' in clickHouse) throw new Error(clickHouse.missing);
  const [broker, store] = await Promise.all([kafka.start(), clickHouse.start()]);
  const name = ownName('crash');
  const options = {
    brokers: broker.brokers,
    clientId: 'chargeproof-crash',
    topicPrefix: `${name}.`,
    replication: 1,
    onTrouble: () => undefined,
  };
  const settings = {
    [variableName('kafka', 'brokers')]: broker.brokers.join(','),
    [variableName('kafka', 'topicPrefix')]: options.topicPrefix,
    [variableName('kafka', 'spoolAfterSeconds')]: String(SPOOLS_AFTER_SECONDS),
    [variableName('store', 'url')]: store.url,
    [variableName('store', 'username')]: store.username,
    [variableName('store', 'password')]: store.password,
    [variableName('store', 'database')]: name,
  };
  const projector = new AppVictim('projector', root, {
    ...settings,
    [variableName('data', 'folder')]: data,
    [variableName('runtime', 'logLevel')]: 'debug',
  });
  const servers: Victim[] = [new ServerVictim('broker', broker.own)];
  // One that the environment names is somebody else's.
  if (store.own !== undefined) servers.push(new ServerVictim('store', store.own));
  return {
    settings,
    others: [projector, ...servers],
    records: async () => {
      const log = await openKafkaLogReader(options);
      try {
        return await drain(log);
      } finally {
        await log.close();
      }
    },
    close: async () => {
      await broker.stop();
      await store.stop();
    },
  };
};
