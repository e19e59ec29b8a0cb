import type { Migration, SchemaStore, TableDefinition } from '@chargeproof/tables';
import { createTableSql, StoreError } from '@chargeproof/tables';
import { createHash } from 'node:crypto';

/** What was applied, and with what text. */
export const SCHEMA_MIGRATIONS: TableDefinition = {
  name: 'schema_migrations',
  columns: {
    id: 'UInt32',
    name: 'String',
    kind: 'LowCardinality(String)',
    checksum: 'String',
    finished_at: "DateTime64(6, 'UTC')",
  },
  orderBy: ['id'],
  engine: { kind: 'MergeTree' },
};

/**
 * Brings the engine's own tables to this version: runs those migrations, in order, that were not applied
 * yet. Two processes may do it at once, because every step stands being run twice.
 * @returns the ids it applied
 * @throws StoreError `other-shape` where what was applied is not what this version has: an edited
 * migration, or a store that a newer version has migrated
 */
export async function migrate(
  store: SchemaStore,
  migrations: readonly Migration[],
): Promise<readonly number[]> {
  refuseUnfit(migrations);
  await store.ensureTables([SCHEMA_MIGRATIONS]);
  const applied = await appliedChecksums(store);
  refuseOthers(migrations, applied);
  const pending = migrations.filter(({ id }) => !applied.has(id));
  for (const migration of pending) {
    for (const step of migration.steps) await runStep(store, step);
    await store.insert(SCHEMA_MIGRATIONS, [
      {
        id: migration.id,
        name: migration.name,
        kind: migration.kind,
        checksum: checksum(migration),
        finished_at: Date.now() * 1000,
      },
    ]);
  }
  return pending.map(({ id }) => id);
}

async function runStep(store: SchemaStore, step: TableDefinition | string): Promise<void> {
  if (typeof step === 'string') await store.command(step);
  // Not ensureTables: a later migration may have changed the table since.
  else await store.createTable(step);
}

async function appliedChecksums(store: SchemaStore): Promise<ReadonlyMap<number, string>> {
  const rows = await store.select<{ id: number; checksum: string }>(
    `SELECT DISTINCT id, checksum FROM ${SCHEMA_MIGRATIONS.name} ORDER BY id`,
  );
  return new Map(rows.map(({ id, checksum }) => [id, checksum]));
}

function refuseUnfit(migrations: readonly Migration[]): void {
  for (const [index, { id, name, steps }] of migrations.entries()) {
    if (id !== index + 1)
      throw new StoreError('refused', `migration ${name} has number ${id}, its place is ${index + 1}`);
    for (const step of steps) {
      const complaint = typeof step === 'string' ? unfitness(step) : undefined;
      if (complaint !== undefined) throw new StoreError('refused', `migration ${id} (${name}): ${complaint}`);
    }
  }
}

/** The same steps run on chDB and on a server, after a crash a second time. */
function unfitness(sql: string): string | undefined {
  if (/\bON\s+CLUSTER\b/i.test(sql)) return 'ON CLUSTER does not run on the embedded store';
  if (!/^\s*(?:CREATE|ALTER|DROP|RENAME|EXCHANGE)\b/i.test(sql)) return 'only DDL is a migration';
  if (!/\bIF\s+(?:NOT\s+)?EXISTS\b/i.test(sql)) return 'without IF [NOT] EXISTS it cannot run twice';
  return undefined;
}

function refuseOthers(migrations: readonly Migration[], applied: ReadonlyMap<number, string>): void {
  const newest = Math.max(0, ...applied.keys());
  if (newest > migrations.length)
    throw new StoreError(
      'other-shape',
      `this store was migrated to ${newest} by a newer version; this one knows ${migrations.length}`,
    );
  for (const migration of migrations) {
    const known = applied.get(migration.id);
    if (known !== undefined && known !== checksum(migration))
      throw new StoreError(
        'other-shape',
        `migration ${migration.id} (${migration.name}) is not the one that was applied to this store`,
      );
  }
}

/** Over the definitions, not over what a store adds to them. */
function checksum({ steps }: Migration): string {
  const hash = createHash('sha256');
  for (const step of steps) hash.update(typeof step === 'string' ? step : createTableSql(step)).update('\0');
  return hash.digest('hex');
}
