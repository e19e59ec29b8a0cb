import { describe, expect, it } from 'vitest';
import { createTableSql } from './ddl.ts';
import type { TableDefinition } from './definition.ts';

const sessions: TableDefinition = {
  name: 'sessions_v1',
  columns: {
    tenant: 'LowCardinality(String)',
    id: 'String',
    logged_at: "DateTime64(6, 'UTC')",
    gone: 'UInt8',
  },
  orderBy: ['tenant', 'id'],
  engine: { kind: 'ReplacingMergeTree', version: 'logged_at', deleted: 'gone' },
};

describe('table definition', () => {
  it('reads as SQL', () => {
    const text = createTableSql(
      { ...sessions, monthOf: 'logged_at', extras: ['INDEX by_id id TYPE bloom_filter'] },
      { fsync_after_insert: 1, old_parts_lifetime: 480 },
    );
    expect(text).toBe(`CREATE TABLE IF NOT EXISTS sessions_v1 (
  tenant LowCardinality(String),
  id String,
  logged_at DateTime64(6, 'UTC'),
  gone UInt8,
  INDEX by_id id TYPE bloom_filter
) ENGINE = ReplacingMergeTree(logged_at, gone)
PARTITION BY toYYYYMM(logged_at)
ORDER BY (tenant, id)
SETTINGS fsync_after_insert = 1, old_parts_lifetime = 480`);
  });

  it('has one partition where no month is named', () => {
    expect(createTableSql(sessions)).not.toContain('PARTITION');
  });

  it('takes no name that would need quoting', () => {
    expect(() => createTableSql({ ...sessions, name: 'a; DROP TABLE b' })).toThrow(/not a name/);
  });
});
