import type { TableDefinition } from '@chargeproof/tables';
import type { ClickHouseClient, ClickHouseClientConfigOptions } from '@clickhouse/client';
import { createClient } from '@clickhouse/client';
import { createChdbConnection } from 'chdb/connection';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEmbeddedStore } from './embedded.ts';

/**
 * What chDB does to those who use its client as it comes, planted here, and that the store does not do it.
 * A control that begins to pass means chDB has mended it, and the store's guard may go.
 */
describe('chDB', () => {
  const path = mkdtempSync(join(tmpdir(), 'chargeproof-chdb-'));
  let raw: ClickHouseClient;
  beforeAll(() => {
    raw = createClient({
      connection: createChdbConnection({ path }),
    } as unknown as ClickHouseClientConfigOptions);
  });
  afterAll(async () => {
    await raw.close();
    rmSync(path, { recursive: true, force: true });
  });

  const open = () => openEmbeddedStore({ path, threadPoolSize: 16 });
  const things: TableDefinition = {
    name: 'things',
    columns: { number: 'UInt32' },
    orderBy: ['number'],
    engine: { kind: 'MergeTree' },
  };
  const numbers = async (client: ClickHouseClient) => {
    const result = await client.query({ query: 'SELECT number FROM things ORDER BY number', format: 'JSON' });
    return (await result.json<{ number: number }>()).data.map(({ number }) => number);
  };

  describe('keeps settings of one insert for the next', () => {
    const token = { insert_deduplicate: 1, insert_deduplication_token: 'first' } as const;
    const table = async () => {
      await raw.command({ query: 'DROP TABLE IF EXISTS things SYNC' });
      await raw.command({
        query: `CREATE TABLE things (number UInt32) ENGINE = MergeTree ORDER BY number
                SETTINGS non_replicated_deduplication_window = 100`,
      });
    };

    it('with its client, which loses the second insert', async () => {
      await table();
      const into = { table: 'things', format: 'JSONEachRow' } as const;
      await raw.insert({ ...into, values: [{ number: 1 }], clickhouse_settings: token });
      await raw.insert({ ...into, values: [{ number: 2 }] });
      expect(await numbers(raw)).toEqual([1]);
    });

    it('not with the store', async () => {
      await table();
      const store = await open();
      await store.command(
        "INSERT INTO things SETTINGS insert_deduplicate = 1, insert_deduplication_token = 'first' VALUES (1)",
      );
      await store.insert(things, [{ number: 2 }]);
      await store.insert(things, [{ number: 3 }]);
      expect(await store.select('SELECT number FROM things ORDER BY number')).toEqual([
        { number: 1 },
        { number: 2 },
        { number: 3 },
      ]);
      await store.close();
    });
  });

  describe('gives what a failed query printed to the next one', () => {
    // One thread and one row a block: what is printed before the failure is then the same each time.
    const select = 'SELECT number, throwIf(number = 1000) AS thrown FROM numbers(2000)';
    const slowly = 'max_threads = 1, max_block_size = 1, output_format_parallel_formatting = 0';

    it('with its client', async () => {
      const query = `${select} FORMAT JSONEachRow SETTINGS ${slowly}`;
      await expect(raw.exec({ query })).rejects.toThrow();
      const next = await raw.query({ query: 'SELECT 42 AS answer', format: 'JSONEachRow' });
      expect(await next.text()).toMatch(/^\{"number":0,.*\{"answer":42\}\n$/s);
    });

    it('not with the store, on any of its connections', async () => {
      const store = await open();
      for (let time = 0; time < 4; time += 1) {
        await expect(store.select(`${select} SETTINGS ${slowly}`)).rejects.toMatchObject({ code: 395 });
        expect(await store.select('SELECT 42 AS answer')).toEqual([{ answer: 42 }]);
      }
      await store.close();
    });
  });

  it('is not opened in a worker thread, where it ends the process', async () => {
    const source = `
      import { parentPort } from 'node:worker_threads';
      import { openEmbeddedStore } from ${JSON.stringify(new URL('embedded.ts', import.meta.url).href)};
      openEmbeddedStore({ path: '/nowhere', threadPoolSize: 16 }).catch((error) => parentPort.postMessage(error.message));`;
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`), {
      execArgv: ['--conditions=@chargeproof/source'],
    });
    const said = await new Promise((resolve, reject) =>
      worker.once('message', resolve).once('error', reject),
    );
    await worker.terminate();
    expect(said).toMatch(/main thread only/);
  });

  it.each([undefined, Number.NaN, 4, 7])('is not opened with %s pool threads', async (threadPoolSize) => {
    const opening = openEmbeddedStore({ path: '/nowhere', threadPoolSize: threadPoolSize! });
    await expect(opening).rejects.toThrow(/needs 8 or more/);
  });
});
