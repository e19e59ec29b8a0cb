import { migrate, SCHEMA_MIGRATIONS } from '@chargeproof/store';
import type { Migration, SchemaStore, TableDefinition } from '@chargeproof/tables';
import { describe, expect, it } from 'vitest';
import { dropTestDatabase, testDatabaseName } from '../fixtures/test-database.ts';
import type { StorePlace } from './store-contract.ts';

/** The part of the store's contract that is about its own tables over time. */
export function migrationContract(place: () => StorePlace): void {
  describe('migrations', () => {
    /** Each test's own database: `schema_migrations` has one name. */
    const fresh = async (test: (fresh: SchemaStore) => Promise<void>) => {
      const own = testDatabaseName();
      const opened = await place().open(own);
      try {
        await test(opened);
      } finally {
        await dropTestDatabase(opened, own);
        await opened.close();
      }
    };
    const first: TableDefinition = {
      name: 'kept',
      columns: { tenant: 'String', number: 'UInt32', text: 'String' },
      orderBy: ['tenant', 'number'],
      engine: { kind: 'MergeTree' },
    };
    const now: TableDefinition = { ...first, columns: { ...first.columns, added: 'Nullable(Int64)' } };
    const migrations: readonly Migration[] = [
      { id: 1, name: 'the first table', kind: 'sync', steps: [first] },
      {
        id: 2,
        name: 'one more column',
        kind: 'sync',
        steps: [`ALTER TABLE kept ADD COLUMN IF NOT EXISTS added Nullable(Int64)`],
      },
    ];

    it('bring an empty database to the definitions, once', () =>
      fresh(async (empty) => {
        expect(await migrate(empty, migrations)).toEqual([1, 2]);
        for (const table of [now, SCHEMA_MIGRATIONS]) expect(await empty.differences(table)).toEqual([]);
        expect(await migrate(empty, migrations)).toEqual([]);
        expect(await empty.differences(now)).toEqual([]);
      }));

    it('go on where an older version stopped, and after a step that failed', () =>
      fresh(async (older) => {
        expect(await migrate(older, migrations.slice(0, 1))).toEqual([1]);
        const broken: Migration = {
          ...migrations[1]!,
          steps: [...migrations[1]!.steps, 'ALTER TABLE nowhere ADD COLUMN IF NOT EXISTS a UInt8'],
        };
        await expect(migrate(older, [migrations[0]!, broken])).rejects.toMatchObject({
          failure: 'refused',
        });
        expect(await migrate(older, migrations)).toEqual([2]);
      }));

    it('refuse an edited one and a store of a newer version', () =>
      fresh(async (store) => {
        await migrate(store, migrations);
        const edited = [{ ...migrations[0]!, steps: [now] }, migrations[1]!];
        await expect(migrate(store, edited)).rejects.toThrow(
          /migration 1 \(the first table\) is not the one/,
        );
        await expect(migrate(store, migrations.slice(0, 1))).rejects.toThrow(
          /migrated to 2 by a newer version/,
        );
      }));

    it.each([
      ['a gap in the numbers', { id: 2, steps: [] }],
      [
        'ON CLUSTER',
        { id: 1, steps: ['CREATE TABLE IF NOT EXISTS a ON CLUSTER c (b UInt8) ENGINE = Memory'] },
      ],
      ['what cannot run twice', { id: 1, steps: ['ALTER TABLE kept ADD COLUMN more UInt8'] }],
      ['what is no DDL', { id: 1, steps: ['INSERT INTO kept VALUES (1) -- IF EXISTS'] }],
    ])('refuse %s', async (_what, wrong) => {
      const migration: Migration = { name: 'wrong', kind: 'sync', ...wrong };
      await fresh((store) =>
        expect(migrate(store, [migration])).rejects.toMatchObject({ failure: 'refused' }),
      );
    });
  });
}
