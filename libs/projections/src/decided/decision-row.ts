import type { Said } from '@chargeproof/central-system';
import { type RecordType, recordKey } from '@chargeproof/record';

/** A row of `decisions`, as {@link DECISION_COLUMNS} select it. */
export type DecisionRow = {
  readonly tenant: string;
  readonly station: string;
  readonly type: RecordType;
  readonly id: string;
  readonly source: string;
  readonly logged_us: string;
  readonly body: string;
};

export const DECISION_COLUMNS =
  'tenant, station, type, id, source, toUnixTimestamp64Micro(logged_at) AS logged_us, body';

/** The record as it was read from the log, without what is sealed in it. */
export function saidBy({ tenant, station, type, id, source, logged_us, body }: DecisionRow): Said {
  const about = station === '' ? {} : { subject: station };
  const attributes = { id, source, type, tenant, ...about, time: 0, witness: 'wire' } as const;
  return {
    key: recordKey({ tenant, station }),
    attributes,
    value: Buffer.from(body),
    loggedAt: Number(logged_us),
  };
}
