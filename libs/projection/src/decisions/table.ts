import type { LoggedRecord } from '@chargeproof/record';
import type { Row, TableDefinition } from '@chargeproof/tables';

/**
 * What people decided, and what became of it: `platform.decisions` as it is in the log, a row a record. Nothing
 * is folded; whoever asks joins what it needs, by position for what was known when. A row that a crash had
 * written twice is one, for its place in the log is its key. Read with FINAL.
 */
export const DECISIONS: TableDefinition = {
  name: 'decisions',
  columns: {
    tenant: 'LowCardinality(String)',
    type: 'LowCardinality(String)',
    /** The station it is about; empty on what is about none. */
    station: 'String',
    log_generation: 'UInt16',
    log_offset: 'UInt64',
    logged_at: "DateTime64(6, 'UTC')",
    id: 'String',
    source: 'LowCardinality(String)',
    /** Who decided; empty on what a gateway says. */
    actor: 'String',
    time: "DateTime64(6, 'UTC')",
    /** The record's value, JSON; what is sealed is a stand-in. */
    body: 'String',
  },
  orderBy: ['tenant', 'type', 'station', 'log_generation', 'log_offset'],
  engine: { kind: 'ReplacingMergeTree', version: 'log_offset' },
};

export function decisionRow({ attributes, value, position, loggedAt }: LoggedRecord): Row {
  const { tenant, type, subject = '', id, source, time } = attributes;
  const body = Buffer.from(value).toString();
  return {
    tenant,
    type,
    station: subject,
    log_generation: position.generation,
    log_offset: position.offset,
    logged_at: loggedAt,
    id,
    source,
    actor: actorOf(body),
    time,
    body,
  };
}

function actorOf(body: string): string {
  try {
    const { actor } = JSON.parse(body) as { readonly actor?: unknown };
    return typeof actor === 'string' ? actor : '';
  } catch {
    return '';
  }
}
