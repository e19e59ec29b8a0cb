import type { Columns } from '@chargeproof/tables';

/** One row an occurrence: the rule, and the frame or handshake at which it was broken. */
export const key = { rule: 'LowCardinality(String)', record: 'String' } as const satisfies Columns;
export const values = {
  /** What the question is about: `connection`, `frame`, `answer`, `turn`, `schema`. */
  category: 'LowCardinality(String)',
  /** `error`, `warning`, `info`. */
  severity: 'LowCardinality(String)',
  /** Whose fault: `station`, `csms`. */
  subject: 'LowCardinality(String)',
  action: 'Nullable(String)',
  /** What exactly, in one line, without values of the frame: `/meterValue/0/timestamp is missing`. */
  detail: 'String',
  /** Effective time of the frame. */
  found: "DateTime64(6, 'UTC')",
  /** The other frame that shows it, as the CALL still unanswered. */
  other_record: 'Nullable(String)',
} as const satisfies Columns;
