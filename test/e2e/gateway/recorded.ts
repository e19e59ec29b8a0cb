import type { SealingKeys, LoggedRecord, Payloads } from '@chargeproof/record';
import { dataLayout } from '@chargeproof/config';
import { readKeyring } from '@chargeproof/keyring';
import type { Topic } from '@chargeproof/log';
import { openSqliteLogReader } from '@chargeproof/log-sqlite';
import { readPayload, unseal } from '@chargeproof/record';
import { type Seen, seen } from './ends.ts';

/** Everything in the log of a data folder. */
export async function readEverything(folder: string, topic: Topic = 'ocpp.frames'): Promise<LoggedRecord[]> {
  const log = await openSqliteLogReader({ folder: dataLayout(folder).log });
  const records: LoggedRecord[] = [];
  const from = new Map<number, number>();
  for (;;) {
    const batch = await log.read({
      topic,
      from,
      maxRecords: 5000,
      maxBytes: 32 * 1024 * 1024,
    });
    if (batch.length === 0) break;
    records.push(...batch);
    for (const { position } of batch) from.set(position.partition, position.offset + 1);
  }
  await log.close();
  return records;
}

/** A connection's records, by sequence. */
export function byConnection(records: readonly LoggedRecord[]): LoggedRecord[][] {
  const connections = Map.groupBy(
    records.filter(({ attributes }) => attributes.connection !== undefined),
    ({ attributes }) => attributes.connection,
  );
  return [...connections.values()].map((own) =>
    own.sort((a, b) => (a.attributes.sequence ?? 0) - (b.attributes.sequence ?? 0)),
  );
}

export const ofStation = (records: readonly LoggedRecord[], station: string): LoggedRecord[] =>
  records
    .filter(({ attributes }) => attributes.subject === station)
    .sort((a, b) => a.position.offset - b.position.offset);

/** The frames of one direction as the log gives them back with the key: what was on the wire. */
export const wireOf = (
  records: readonly LoggedRecord[],
  direction: 'station-to-csms' | 'csms-to-station',
  keys: SealingKeys,
): Seen[] =>
  records
    .filter(({ attributes }) => attributes.type === 'ocpp.frame.v1' && attributes.direction === direction)
    .map(({ attributes: { sealed, opcode }, value }) =>
      seen(sealed === undefined ? value : unseal(value, sealed, keys), opcode === 'binary'),
    );

export const payloadsOf = <Type extends keyof Payloads>(
  records: readonly LoggedRecord[],
  type: Type,
): Payloads[Type][] =>
  records.filter(({ attributes }) => attributes.type === type).map(({ value }) => readPayload(type, value));

/** The keys that sealed a data folder. */
export const keysOf = (folder: string): Promise<SealingKeys> => readKeyring(dataLayout(folder).keys);
