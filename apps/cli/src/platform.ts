import { variableName } from '@chargeproof/config';
import { type Managed, startProcess } from './processes.ts';

/** The embedded profile's two processes (DESIGN 7): a crash of the store never drops a charger. */
export type Platform = {
  readonly gateway: Managed;
  readonly query: Managed;
  /** Resolves with the first process that ends by itself. */
  readonly failed: Promise<Managed>;
  stop(): Promise<void>;
};

export type PlatformOptions = {
  readonly data: string;
  readonly gateway: Readonly<Record<string, string>>;
  readonly api: Readonly<Record<string, string>>;
};

const GATEWAY = new URL('../../gateway/dist/main.js', import.meta.url);
const QUERY = new URL('../../api/dist/main.js', import.meta.url);

/** Starts ingest, then query. @throws StartFailed, with whatever was started stopped again */
export async function startPlatform({ data, gateway, api }: PlatformOptions): Promise<Platform> {
  const folder = { [variableName('data', 'folder')]: data };
  const ingest = await startProcess('gateway', GATEWAY, { ...folder, ...gateway });
  const query = await startProcess('api', QUERY, { ...folder, ...api }).catch(async (error: unknown) => {
    await ingest.stop();
    throw error;
  });
  const whenEnded = async (process: Managed) => {
    await process.ended;
    return process;
  };
  return {
    gateway: ingest,
    query,
    failed: Promise.race([whenEnded(ingest), whenEnded(query)]),
    // The reader ends before the log that it reads.
    stop: async () => {
      await query.stop();
      await ingest.stop();
    },
  };
}
