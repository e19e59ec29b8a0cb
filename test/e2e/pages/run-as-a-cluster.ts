import type { Script } from './script.ts';

const NO_DOCKER =
  'needs a Docker engine, which test machines do not have: test/house/compose.spec.ts reads the file';

export const runAsACluster = (): Promise<Script> =>
  Promise.resolve({
    steps: {
      'docker compose up': { untried: NO_DOCKER },
      'docker compose exec': { untried: NO_DOCKER },
      'CHARGEPROOF_KAFKA_BROKERS=kafka-1:9092,kafka-2:9092 CHARGEPROOF_STORE_URL': {
        triedBy: 'test/e2e/cluster.spec.ts',
        words: 'the log on a Kafka broker and the tables on a ClickHouse server',
      },
      'mkdir -p second/keys': {
        triedBy: 'test/e2e/shared-log/two-gateways.ts',
        words: "cpSync(dataLayout(folder('a')).keys, dataLayout(folder('b')).keys",
      },
      'docker compose -f': { untried: NO_DOCKER },
      'CHARGEPROOF_KAFKA_BROKERS=kafka-1:9092,kafka-2:9092 npx chargeproof log move': {
        triedBy: 'test/e2e/log-move.spec.ts',
        words: "'log', 'move'",
      },
    },
  });
