import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { variableName } from '@chargeproof/config';
import { openKafkaLog, openKafkaLogReader } from '@chargeproof/log-kafka';
import { openServerStore } from '@chargeproof/store';
import { type ClickHouseServer, offerClickHouse } from '../../fixtures/clickhouse-server.ts';
import { type KafkaBroker, offerKafka, type OwnBroker } from '../../fixtures/kafka-broker.ts';
import { say } from '../processes.ts';
import type { Place, Profile } from './profile.ts';

type Servers = { readonly broker: KafkaBroker; readonly clickHouse: ClickHouseServer };

/**
 * A real broker and a ClickHouse server over HTTP, the projector a process of its own.
 * @throws Error with the reason why this machine cannot have a server
 */
export async function startKafka(): Promise<Profile> {
  const clickHouseOffer = offerClickHouse();
  const brokerOffer = offerKafka();
  if ('missing' in clickHouseOffer) throw new Error(clickHouseOffer.missing);
  if ('missing' in brokerOffer) throw new Error(brokerOffer.missing);
  const clickHouse = await clickHouseOffer.start();
  try {
    return profileOn({ clickHouse, broker: await brokerOffer.start() });
  } catch (error) {
    await clickHouse.stop();
    throw error;
  }
}

function profileOn(servers: Servers): Profile {
  const { broker, clickHouse } = servers;
  const pids = { broker: broker.own?.pid, clickHouse: clickHouse.pid };
  return {
    name: 'kafka',
    readers: ['projector', 'api'],
    folds: 'projector',
    servers: Object.entries(pids).flatMap(([name, pid]) => (pid === undefined ? [] : [{ name, pid }])),
    ...(broker.own && { holdLog: holding(broker.own) }),
    settings: {
      [variableName('test', 'kafkaBrokers')]: broker.brokers.join(','),
      [variableName('test', 'clickhouseUrl')]: withCredentials(clickHouse),
    },
    place: () => Promise.resolve(newPlace(servers)),
    stop: async () => {
      await broker.stop();
      await clickHouse.stop();
    },
  };
}

const holding = (own: OwnBroker) => (isHeld: boolean) => {
  own.signal(isHeld ? 'SIGSTOP' : 'SIGCONT');
};

function withCredentials({ url, username, password }: ClickHouseServer): string {
  const whole = new URL(url);
  whole.username = username;
  whole.password = password;
  return whole.href;
}

/** Topics and a database of its own. The topics stay: they go with the broker. */
function newPlace({ broker, clickHouse }: Servers): Place {
  const folder = mkdtempSync(join(tmpdir(), 'chargeproof-bench-'));
  const name = `bench_test_${randomBytes(4).toString('hex')}`;
  const { url, username, password } = clickHouse;
  const kafka = {
    brokers: broker.brokers,
    clientId: 'chargeproof-bench',
    topicPrefix: `${name}.`,
    replication: 1,
    onTrouble: say,
  };
  const openStore = (database = name) => openServerStore({ url, username, password, database });
  return {
    folder,
    settings: {
      [variableName('data', 'folder')]: folder,
      [variableName('kafka', 'brokers')]: broker.brokers.join(','),
      [variableName('kafka', 'topicPrefix')]: kafka.topicPrefix,
      [variableName('store', 'url')]: url,
      [variableName('store', 'username')]: username,
      [variableName('store', 'password')]: password,
      [variableName('store', 'database')]: name,
    },
    openLog: () => openKafkaLog(kafka),
    openReader: () => openKafkaLogReader(kafka),
    openStore,
    logBytes: () => broker.own && segmentBytes(broker.own.data, kafka.topicPrefix),
    remove: async () => {
      const store = await openStore();
      await store.command(`DROP DATABASE IF EXISTS ${name}`);
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Of the records alone: the broker makes its index files large beforehand. */
function segmentBytes(data: string, topicPrefix: string): number {
  const partitions = readdirSync(data).filter((name) => name.startsWith(topicPrefix));
  return partitions
    .flatMap((partition) => readdirSync(join(data, partition)).map((file) => join(data, partition, file)))
    .filter((file) => file.endsWith('.log'))
    .reduce((sum, file) => sum + statSync(file).size, 0);
}
