import { threadPoolSize } from '@chargeproof/config';
import { openEmbeddedStore, openServerStore } from '@chargeproof/store';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { offerClickHouse } from '../fixtures/clickhouse-server.ts';
import { dropTestDatabase } from '../fixtures/test-database.ts';
import { storeContract } from './store-contract.ts';

storeContract('chDB in this process', () => {
  const path = mkdtempSync(join(tmpdir(), 'chargeproof-store-'));
  return Promise.resolve({
    open: (database) => openEmbeddedStore({ path, database, threadPoolSize: threadPoolSize() }),
    leave: async () => {
      rmSync(path, { recursive: true, force: true });
      return Promise.resolve();
    },
  });
});

const offer = offerClickHouse();
if ('missing' in offer) {
  it.skip(`store contract: ClickHouse over HTTP (${offer.missing})`, () => undefined);
} else {
  storeContract('ClickHouse over HTTP', async () => {
    const server = await offer.start();
    return {
      open: (database) => openServerStore({ ...server, database }),
      leave: () => server.stop(),
    };
  });
}

describe('a server that is not there', () => {
  it('is said to be unreachable', async () => {
    const opening = openServerStore({ url: 'http://127.0.0.1:1', database: 'x_test' });
    await expect(opening).rejects.toMatchObject({ name: 'StoreError', failure: 'unreachable' });
  });
});

describe('dropping a database', () => {
  it.each(['chargeproof', 'default', 'latest', 'contest'])('is refused for %s', async (name) => {
    const store = { command: () => Promise.reject(new Error('it was dropped')) };
    await expect(dropTestDatabase(store as never, name)).rejects.toThrow(/no test database/);
  });
});
