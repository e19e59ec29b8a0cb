import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataLayout } from '@chargeproof/config';
import { openKeyring } from '@chargeproof/keyring';
import type { Log } from '@chargeproof/log';
import { openSqliteLog } from '@chargeproof/log-sqlite';
import { imported, type Report } from '../e2e/importing/folder.ts';
import { type QueryProcess, startQueryProcess } from './asking/query-process.ts';
import type { Story } from './telling/story.ts';

/** A data folder with its query process, and what is told into its log. */
export type Platform = Pick<QueryProcess, 'ask'> & {
  readonly data: string;
  /** Resolves when what the stories have come to can be asked about. */
  tell(...stories: readonly Story[]): Promise<void>;
  /** Imports a file of that content, by the command. */
  import(name: string, content: string): Promise<Report>;
  close(): Promise<void>;
};

export async function startPlatform(): Promise<Platform> {
  const root = mkdtempSync(join(tmpdir(), 'chargeproof-scenario-'));
  const data = join(root, 'data');
  const { log: logFolder, keys } = dataLayout(data);
  await openKeyring(keys);
  const own = (): Promise<Log> => openSqliteLog({ folder: logFolder });
  let log = await own();
  const api = await startQueryProcess(data);
  return {
    data,
    ask: (question, variables) => api.ask(question, variables),
    async tell(...stories) {
      const told = stories.flatMap((story) => story.take());
      await log.append(
        'ocpp.frames',
        told.map(({ partition, record }) => ({ ...record, partition })),
      );
      await api.folded();
    },
    async import(name, content) {
      const file = join(root, name);
      writeFileSync(file, content);
      await log.close();
      try {
        return await imported(data, file);
      } finally {
        log = await own();
        await api.folded();
      }
    },
    async close() {
      await api.stop();
      await log.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
