import { dataLayout, variableName } from '@chargeproof/config';
import { openKafkaLogReader } from '@chargeproof/log-kafka';
import { drain } from '@chargeproof/log/testing';
import { openServerStore } from '@chargeproof/store';
import { ownName } from '../../e2e/cluster/servers.ts';
import { COLUMNS, filesIn, recordsOf, rowsOf, SEGMENTS, spooledIn } from '../../e2e/sealing/search.ts';
import { offerClickHouse, type OwnServer } from '../../fixtures/clickhouse-server.ts';
import { offerSecuredKafka } from '../../fixtures/kafka-broker.ts';
import type { ProfileStart } from './profile.ts';
import { AppVictim, ServerVictim, type Victim } from './victim.ts';

type Pieces = readonly Buffer[];
const pieces = async (found: Pieces | Promise<Pieces>) => Buffer.concat(await found);

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
    left: () =>
      Promise.resolve(
        new Map([
          ['the data folder', () => pieces(folderAndSpool(data))],
          ['the records of the broker', () => pieces(recordsIn(options))],
          ['the folder of the broker', () => pieces(filesIn(broker.own.data, SEGMENTS))],
          ['the tables of the server', () => pieces(tablesOf({ ...store, database: name }))],
          ...(store.own === undefined ? [] : [folderOf(store.own)]),
        ]),
      ),
    close: async () => {
      await broker.stop();
      await store.stop();
    },
  };
};

/** What still waits in a spool is compressed. */
const folderAndSpool = async (data: string): Promise<Pieces> => [
  ...filesIn(data),
  ...(await spooledIn(dataLayout(data).spool)),
];

async function recordsIn(options: Parameters<typeof openKafkaLogReader>[0]): Promise<Pieces> {
  const log = await openKafkaLogReader(options);
  try {
    return await recordsOf(log, 'ocpp.frames', 'platform.decisions');
  } finally {
    await log.close();
  }
}

async function tablesOf(server: Parameters<typeof openServerStore>[0]): Promise<Pieces> {
  const store = await openServerStore(server);
  try {
    return [Buffer.from(await rowsOf(store))];
  } finally {
    await store.close();
  }
}

/** Held still while it is read: a server goes on to merge its files when nobody asks it for anything. */
const folderOf = (server: OwnServer) =>
  [
    'the folder of the server',
    async () => {
      server.signal('SIGSTOP');
      try {
        return await pieces(filesIn(server.data, COLUMNS));
      } finally {
        server.signal('SIGCONT');
      }
    },
  ] as const;
