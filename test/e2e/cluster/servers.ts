import { variableName } from '@chargeproof/config';
import { randomBytes } from 'node:crypto';
import { type ClickHouseServer, offerClickHouse } from '../../fixtures/clickhouse-server.ts';
import { type KafkaBroker, offerKafka } from '../../fixtures/kafka-broker.ts';

type Variables = Readonly<Record<string, string>>;

/** A broker and a ClickHouse server, in which a suite has topics and databases of its own. */
export type Servers = {
  readonly broker: KafkaBroker;
  readonly clickhouse: ClickHouseServer;
  /** Settings of a log on that broker: topics of a prefix of its own. */
  readonly log: (prefix: string) => Variables;
  /** Settings of tables on that server: a database of its own. */
  readonly tables: (database: string) => Variables;
  stop(): Promise<void>;
};

export type ServersOffer = { readonly start: () => Promise<Servers> } | { readonly missing: string };

/** Both, or the words that say why this machine cannot have them. */
export function offerServers(): ServersOffer {
  const [kafka, clickhouse] = [offerKafka(), offerClickHouse()];
  if ('missing' in kafka) return kafka;
  if ('missing' in clickhouse) return clickhouse;
  return {
    start: async () => {
      const [broker, server] = await Promise.all([kafka.start(), clickhouse.start()]);
      return {
        broker,
        clickhouse: server,
        log: (prefix) => ({
          [variableName('kafka', 'brokers')]: broker.brokers.join(','),
          [variableName('kafka', 'topicPrefix')]: prefix,
        }),
        tables: (database) => ({
          [variableName('store', 'url')]: server.url,
          [variableName('store', 'username')]: server.username,
          [variableName('store', 'password')]: server.password,
          [variableName('store', 'database')]: database,
        }),
        stop: async () => {
          await Promise.all([broker.stop(), server.stop()]);
        },
      };
    },
  };
}

/** For servers that others use, too: names that nobody else has. */
export const ownName = (what: string): string => `${what}_test_${randomBytes(4).toString('hex')}`;
