import { type kafka, type SettingsOf, shownUrl, type store } from '@chargeproof/config';

type Settings = SettingsOf<{ kafka: typeof kafka; store: typeof store }>;

/** Where the record is: a folder, or Kafka, with the key file in the folder. */
export function whereRecordLies({ kafka }: Pick<Settings, 'kafka'>, folder: string): string {
  if (kafka.brokers.length === 0) return folder;
  return `topic ${kafka.topicPrefix}ocpp.frames on ${kafka.brokers.join(', ')}; its key file in ${folder}`;
}

/** Where the tables are, which are made of the record. */
export function whereTablesLie({ store }: Pick<Settings, 'store'>, folder: string): string {
  return store.url === undefined ? folder : `database ${store.database} on ${shownUrl(store.url)}`;
}
