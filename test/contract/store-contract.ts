import type { Row, SchemaStore, TableDefinition } from '@chargeproof/tables';
import { RowRefused, StoreError } from '@chargeproof/tables';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dropTestDatabase, testDatabaseName } from '../fixtures/test-database.ts';
import { migrationContract } from './store-migrations.ts';
import { anyText, asSelected, EVERY_TYPE, everyValue, VALUES } from './store-values.ts';

/** Where a suite's stores are opened: each call another store on the same database. */
export type StorePlace = {
  open(database: string): Promise<SchemaStore>;
  leave(): Promise<void>;
};

const TIME = "DateTime64(6, 'UTC')";

/** A table for each test, so that none sees another's rows. */
let tables = 0;
function aTable(changes: Partial<TableDefinition> = {}): TableDefinition {
  tables += 1;
  return {
    name: `things_${tables}`,
    columns: { tenant: 'String', number: 'UInt32', text: 'String' },
    orderBy: ['tenant', 'number'],
    engine: { kind: 'MergeTree' },
    ...changes,
  };
}
const aRow = (number: number, text = `text ${number}`): Row => ({ tenant: 'default', number, text });

/** What every store keeps, whichever way ClickHouse is reached. */
export function storeContract(name: string, arrive: () => Promise<StorePlace>): void {
  describe(`store contract: ${name}`, () => {
    const database = testDatabaseName();
    let place: StorePlace;
    let store: SchemaStore;

    beforeAll(async () => {
      place = await arrive();
      store = await place.open(database);
    });
    afterAll(async () => {
      await dropTestDatabase(store, database);
      await store.close();
      await place.leave();
    });

    const texts = async (table: TableDefinition) =>
      (await store.select<{ text: string }>(`SELECT text FROM ${table.name} ORDER BY number`)).map(
        ({ text }) => text,
      );
    const made = async (changes: Partial<TableDefinition> = {}) => {
      const table = aTable(changes);
      await store.ensureTables([table]);
      return table;
    };

    describe('tables', () => {
      it('makes a table from its definition, and finds it again', async () => {
        const table = aTable({
          columns: {
            tenant: 'String',
            number: 'UInt32',
            text: 'String',
            logged_at: TIME,
            version: 'UInt64',
            gone: 'UInt8',
          },
          engine: { kind: 'ReplacingMergeTree', version: 'version', deleted: 'gone' },
          monthOf: 'logged_at',
          extras: ['INDEX text_index text TYPE bloom_filter GRANULARITY 1'],
        });
        expect(await store.differences(table)).toBeUndefined();
        await store.ensureTables([table]);
        await store.ensureTables([table]);
        expect(await store.differences(table)).toEqual([]);
      });

      it('takes every column type and a projection', async () => {
        await made({ columns: EVERY_TYPE, orderBy: ['c0'] });
        await made({ extras: ['PROJECTION by_number (SELECT tenant, text ORDER BY number)'] });
      });

      const other: [what: string, changes: Partial<TableDefinition>, words: RegExp][] = [
        [
          'a column of another type',
          { columns: { tenant: 'String', number: 'UInt64', text: 'String' } },
          /column number is UInt32, not UInt64/,
        ],
        [
          'a column too many',
          { columns: { tenant: 'String', number: 'UInt32' } },
          /column text is none of ours/,
        ],
        [
          'a missing column',
          { columns: { tenant: 'String', number: 'UInt32', text: 'String', more: 'Bool' } },
          /column more \(Bool\) is missing/,
        ],
        ['another order key', { orderBy: ['tenant'] }, /order key is tenant, number, not tenant/],
        [
          'another engine',
          { engine: { kind: 'ReplacingMergeTree', version: 'number' } },
          /engine is MergeTree, not ReplacingMergeTree\(number\)/,
        ],
        ['another index', { extras: ['INDEX i text TYPE bloom_filter'] }, /index or projection i is missing/],
      ];
      it.each(other)('refuses a table with %s', async (_what, changes, words) => {
        const table = await made();
        const refused = store.ensureTables([{ ...table, ...changes }]);
        await expect(refused).rejects.toThrow(words);
        await expect(refused).rejects.toMatchObject({ name: 'StoreError', failure: 'other-shape' });
      });
    });

    describe('rows', () => {
      it('come back as they were, whatever they hold', async () => {
        const anyRow = fc.record(
          Object.fromEntries(Object.entries(EVERY_TYPE).map(([column, type]) => [column, VALUES[type]])),
        );
        const table = await made({ columns: { at: 'UInt32', ...EVERY_TYPE }, orderBy: ['at'] });
        await fc.assert(
          fc.asyncProperty(fc.array(anyRow, { minLength: 1, maxLength: 40 }), async (given) => {
            await store.command(`TRUNCATE TABLE ${table.name}`);
            const rows = given.map((row, at) => ({ at, ...row }));
            await store.insert(table, rows);
            const found = await store.select(`SELECT at, ${everyValue} FROM ${table.name} ORDER BY at`);
            expect(found).toEqual(rows.map(asSelected));
          }),
          { numRuns: 25 },
        );
      });

      it('of no number are nothing', async () => {
        await store.insert(await made(), []);
      });

      const refused: [column: string, row: Record<string, unknown>][] = [
        ['number', { ...aRow(1), number: 4_294_967_296 }],
        ['number', { ...aRow(1), number: -1 }],
        ['number', { ...aRow(1), number: 0.5 }],
        ['number', { ...aRow(1), number: null }],
        ['text', { tenant: 'default', number: 1 }],
        ['text', { ...aRow(1), text: 5 }],
        ['other', { ...aRow(1), other: 5 }],
      ];
      it.each(refused)('that the table cannot hold are refused by name: %s of %j', async (column, row) => {
        const table = await made();
        const refusal = store.insert(table, [aRow(0), row as Row, aRow(2)]);
        await expect(refusal).rejects.toBeInstanceOf(RowRefused);
        await expect(refusal).rejects.toMatchObject({ table: table.name, row: 1, column });
        expect(await texts(table)).toEqual([]);
      });

      it('are stored all or not at all when ClickHouse refuses one of them', async () => {
        const table = await made({ extras: ['CONSTRAINT small CHECK number < 2000'] });
        const rows = Array.from({ length: 3000 }, (_, number) => aRow(number));
        await expect(store.insert(table, rows)).rejects.toMatchObject({ name: 'StoreError', code: 469 });
        expect(await texts(table)).toEqual([]);
      });

      it('of one insert are one part', async () => {
        const table = await made();
        await store.insert(
          table,
          Array.from({ length: 20_000 }, (_, number) => aRow(number)),
        );
        const parts = await store.select<{ rows: string }>(
          `SELECT rows FROM system.parts
           WHERE database = currentDatabase() AND table = {table:String} AND active`,
          { table: table.name },
        );
        expect(parts).toEqual([{ rows: '20000' }]);
      });

      it('sent twice are there twice: no setting of one insert reaches the next', async () => {
        const table = await made();
        await store.command(
          `ALTER TABLE ${table.name} MODIFY SETTING non_replicated_deduplication_window = 100`,
        );
        await store.command(
          `INSERT INTO ${table.name} SETTINGS insert_deduplication_token = 'x', insert_deduplicate = 1 VALUES ('default', 1, 'first')`,
        );
        await store.command(
          `INSERT INTO ${table.name} SETTINGS insert_deduplicate = 0 VALUES ('default', 2, 'second')`,
        );
        await store.insert(table, [aRow(3, 'third')]);
        await store.insert(table, [aRow(4, 'fourth')]);
        expect(await texts(table)).toEqual(['first', 'second', 'third', 'fourth']);
      });

      it('of a replacing table: the highest version stands, a deleted key is gone', async () => {
        const table = await made({
          columns: { tenant: 'String', number: 'UInt32', text: 'String', version: 'UInt64', gone: 'UInt8' },
          engine: { kind: 'ReplacingMergeTree', version: 'version', deleted: 'gone' },
        });
        const said = (number: number, text: string, version: number, gone = 0) => ({
          ...aRow(number, text),
          version,
          gone,
        });
        await store.insert(table, [said(1, 'new', 2), said(2, 'was', 1)]);
        await store.insert(table, [said(1, 'old', 1), said(2, '', 2, 1)]);
        expect(await store.select(`SELECT number, text FROM ${table.name} FINAL`)).toEqual([
          { number: 1, text: 'new' },
        ]);
      });

      it('are seen by another store on the same database', async () => {
        const table = await made();
        await store.insert(table, [aRow(1)]);
        const second = await place.open(database);
        expect(await second.select(`SELECT number FROM ${table.name}`)).toEqual([{ number: 1 }]);
        await second.close();
        expect(await texts(table)).toEqual(['text 1']);
      });
    });

    describe('select', () => {
      it('gives 64-bit integers and decimals as text, and keeps what the query itself sets', async () => {
        const found = await store.select(
          `SELECT toUInt64(18446744073709551615) AS u, toInt64(-1) AS i, toUInt32(7) AS s, true AS b,
                  toDecimal128('1.500000001', 9) AS d, NULL AS n, 'x' AS t
           SETTINGS max_threads = 1`,
        );
        expect(found).toEqual([
          { u: '18446744073709551615', i: '-1', s: 7, b: true, d: '1.500000001', n: null, t: 'x' },
        ]);
      });

      it('binds any text so that it stays text', async () => {
        await fc.assert(
          fc.asyncProperty(anyText, fc.array(anyText, { maxLength: 3 }), async (text, list) => {
            const [found] = await store.select(
              'SELECT {text:String} AS text, {list:Array(String)} AS list, {text:Nullable(String)} AS again',
              { text, list },
            );
            expect(found).toEqual({ text, list, again: text });
          }),
          { numRuns: 200 },
        );
      });

      it('binds numbers, nothing, lists and limits', async () => {
        const found = await store.select<{ number: string }>(
          `SELECT number FROM numbers(100)
           WHERE number IN {some:Array(UInt64)} AND number != {not:UInt64} AND {none:Nullable(Int64)} IS NULL
           ORDER BY number LIMIT {limit:UInt32}`,
          { some: ['7', 8, 9, 10], not: '8', none: null, limit: 2 },
        );
        expect(found).toEqual([{ number: '7' }, { number: '9' }]);
      });

      it('takes times in whole microseconds', async () => {
        const [found] = await store.select(
          `SELECT toUnixTimestamp64Micro({a:DateTime64(6)}) AS a, toString({b:DateTime64(6, 'UTC')}) AS b,
                  {c:Nullable(DateTime64(6, 'UTC'))} IS NULL AS c,
                  arrayMap(t -> toString(t), {d:Array(DateTime64(6, 'UTC'))}) AS d`,
          { a: 1_790_000_000_000_001, b: -1, c: null, d: [1, 2] },
        );
        expect(found).toEqual({
          a: '1790000000000001',
          b: '1969-12-31 23:59:59.999999',
          c: 1,
          d: ['1970-01-01 00:00:00.000001', '1970-01-01 00:00:00.000002'],
        });
      });

      it('leaves braces in strings, names and comments alone', async () => {
        const found = await store.select(
          `SELECT '{a:String} \\' {b:String}' AS one, 'it''s {c:String}' AS two, {d:String} AS "{e:String}"
           -- {f:String}
           /* {g:String} */`,
          { d: 'bound' },
        );
        expect(found).toEqual([
          { one: "{a:String} ' {b:String}", two: "it's {c:String}", '{e:String}': 'bound' },
        ]);
      });

      it.each([
        ['a parameter that is not given', 'SELECT {a:String}', {}],
        ['a parameter it does not have', 'SELECT 1', { a: 1 }],
        ['a value of another type', 'SELECT {a:UInt8}', { a: 'x' }],
        ['a number that is none', 'SELECT {a:Float64}', { a: Number.NaN }],
        ['a table that is not there', 'SELECT 1 FROM nowhere', {}],
        ['what is no SQL', 'SELEC', {}],
        ['two statements', 'SELECT 1; SELECT 2', {}],
        ['what gives no rows', 'CREATE DATABASE IF NOT EXISTS default', {}],
      ])('refuses %s', async (_what, sql, parameters) => {
        await expect(store.select(sql, parameters)).rejects.toMatchObject({
          name: 'StoreError',
          failure: 'refused',
        });
      });

      it('says what ClickHouse said, with its code, without the statement', async () => {
        const secret = 'a value from the wire';
        const failed: unknown = await store
          .select(`SELECT nothing FROM numbers(1) WHERE '${secret}' != ''`)
          .catch((error: unknown) => error);
        expect(failed).toBeInstanceOf(StoreError);
        expect(failed).toMatchObject({ failure: 'refused', code: 47 });
        expect((failed as StoreError).message).toContain('nothing');
        expect((failed as StoreError).message).not.toContain(secret);
      });

      it('stops at its time limit and says so', async () => {
        const endless = store.select(
          'SELECT count() FROM numbers(1000000000000) WHERE NOT ignore(sipHash64(number))',
          {},
          { seconds: 0.3 },
        );
        await expect(endless).rejects.toMatchObject({ failure: 'too-slow', code: 159 });
      });

      it('stops at its row and memory limits and says so', async () => {
        const many = store.select('SELECT number FROM numbers(100000)', {}, { resultRows: 10 });
        await expect(many).rejects.toMatchObject({ failure: 'too-large', code: 396 });
        const large = store.select(
          'SELECT groupArray(number) AS all FROM numbers(10000000)',
          {},
          { memoryBytes: 20_000_000 },
        );
        await expect(large).rejects.toMatchObject({ failure: 'too-large', code: 241 });
      });

      it('gives nothing of a query that failed in its middle to the next', async () => {
        const failing = () =>
          store.select(
            `SELECT number, throwIf(number = 1000) AS thrown FROM numbers(2000)
             SETTINGS max_threads = 1, max_block_size = 1, output_format_parallel_formatting = 0`,
          );
        for (let time = 0; time < 4; time += 1) {
          await expect(failing()).rejects.toMatchObject({ failure: 'refused', code: 395 });
          expect(await store.select('SELECT 42 AS answer')).toEqual([{ answer: 42 }]);
        }
      });

      it('runs beside another that is slow, and beside an insert', async () => {
        const table = await made();
        let slowEnded = false;
        const slow = store
          .select('SELECT sleepEachRow(1) FROM numbers(2) SETTINGS max_block_size = 1')
          .then(() => (slowEnded = true));
        await store.insert(table, [aRow(1)]);
        expect(await store.select('SELECT {a:UInt8} AS a', { a: 1 })).toEqual([{ a: 1 }]);
        expect(slowEnded).toBe(false);
        await slow;
      });

      it('leaves no setting behind', async () => {
        const settings = () =>
          store.select(
            "SELECT name, value FROM system.settings WHERE changed AND name NOT LIKE 'output_format%' ORDER BY name",
          );
        const before = await settings();
        await store.select('SELECT 1 SETTINGS max_block_size = 77', {}, { seconds: 5 });
        await store.select('SELECT 1 SETTINGS max_block_size = 77', {}, { seconds: 5 });
        expect(await settings()).toEqual(before);
      });
    });

    migrationContract(() => place);

    describe('close', () => {
      it('finishes what was begun and takes no more', async () => {
        const table = await made();
        const closing = await place.open(database);
        const begun = [
          closing.insert(table, [aRow(1)]),
          closing.insert(table, [aRow(2)]),
          closing.select('SELECT 1'),
          closing.select('SELECT 1'),
          closing.select('SELECT 1'),
        ];
        const closed = closing.close();
        await expect(closing.select('SELECT 1')).rejects.toMatchObject({ failure: 'closed' });
        await closed;
        await closing.close();
        expect((await Promise.allSettled(begun)).map(({ status }) => status)).toEqual(
          Array(5).fill('fulfilled'),
        );
        expect(await texts(table)).toEqual(['text 1', 'text 2']);
        await expect(closing.insert(table, [aRow(3)])).rejects.toMatchObject({ failure: 'closed' });
      });
    });
  });
}
