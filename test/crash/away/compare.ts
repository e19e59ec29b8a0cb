import type { LogReader } from '@chargeproof/log';
import { drain } from '@chargeproof/log/testing';
import type { LoggedRecord } from '@chargeproof/record';
import type { Answered } from './fleet.ts';

export type Compared = {
  readonly records: number;
  /** Ids that stand in the log more than once. */
  readonly doubled: readonly string[];
  /** Calls that were answered and of which call or answer is not there byte for byte. */
  readonly lost: readonly string[];
  /** Connections whose records do not follow one another in the log, 0, 1, 2 …. */
  readonly disordered: readonly string[];
};

/** The log against what the stations saw, which know nothing of it. */
export async function compare(log: LogReader, answered: readonly Answered[]): Promise<Compared> {
  const records = await drain(log);
  const ids = records.map(({ attributes }) => attributes.id);
  const frames = new Set(records.filter(isFrame).map(({ value }) => Buffer.from(value).toString()));
  return {
    records: records.length,
    doubled: [...Map.groupBy(ids, (id) => id)].filter(([, same]) => same.length > 1).map(([id]) => id),
    lost: answered.filter(({ call, answer }) => !frames.has(call) || !frames.has(answer)).map(({ id }) => id),
    disordered: [...Map.groupBy(records, ({ attributes }) => attributes.connection)]
      .filter(([connection, own]) => connection !== undefined && !isInARow(own))
      .map(([connection]) => String(connection)),
  };
}

const isFrame = ({ attributes }: LoggedRecord) => attributes.type === 'ocpp.frame.v1';
const isInARow = (records: readonly LoggedRecord[]) =>
  records.every(({ attributes }, index) => attributes.sequence === index);
