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

/** As {@link startPlatform}, unless asked to end meanwhile: then what was started is stopped, and there is none. */
export async function startUnlessAsked(
  asked: Promise<'signal'>,
  options: PlatformOptions,
): Promise<Platform | undefined> {
  const starting = startPlatform(options);
  if ((await Promise.race([starting, asked])) !== 'signal') return starting;
  await starting.then(
    (platform) => platform.stop(),
    () => undefined, // It was asked to end before it was ready: that is no failure.
  );
  return undefined;
}
