import type { Store } from '@chargeproof/tables';
import { factsAt, type ReadAt } from '../read-at/index.ts';
import { configuration } from './configuration.ts';

export type ConfigurationRow = {
  readonly tenant: string;
  readonly station: string;
  readonly configuration_key: string;
  readonly name: string;
  readonly value: string | null;
  readonly readonly: boolean | null;
  readonly source: 'GetConfiguration' | 'ChangeConfiguration';
  readonly state: 'known' | 'unknown' | 'pending-reboot';
  readonly since_us: string;
  readonly call_record: string;
  readonly answer_record: string;
};

/** Configuration keys of these stations as they were known at the frontier, by station and name. */
export function configurationAt(store: Store, at: ReadAt): Promise<readonly ConfigurationRow[]> {
  const { sql, parameters } = factsAt(configuration, at);
  return store.select<ConfigurationRow>(
    `SELECT tenant, station, configuration_key, name, value, readonly, source, state,
  toUnixTimestamp64Micro(since) AS since_us, call_record, answer_record
FROM ${sql} ORDER BY station, configuration_key`,
    parameters,
  );
}
