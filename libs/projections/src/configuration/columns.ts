import type { Columns } from '@chargeproof/tables';

/** Key names are compared without letter case (CiString50): this is the name in lower case. */
export const key = { configuration_key: 'String' } as const satisfies Columns;
export const values = {
  /** As the station writes it. */
  name: 'String',
  /** Null: the station gave none, or the key is write-only. */
  value: 'Nullable(String)',
  readonly: 'Nullable(Bool)',
  /** `GetConfiguration` told it, or an accepted `ChangeConfiguration` set it. */
  source: 'LowCardinality(String)',
  /** `known`; `unknown` (the station says it has no such key); `pending-reboot` (RebootRequired). */
  state: 'LowCardinality(String)',
  /** Effective time of the answer that told it. */
  since: "DateTime64(6, 'UTC')",
  call_record: 'String',
  answer_record: 'String',
} as const satisfies Columns;
