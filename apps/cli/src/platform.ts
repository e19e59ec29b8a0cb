import { variableName } from '@chargeproof/config';
import { type Managed, startProcess } from './processes.ts';

/** One installation's processes on this machine (DESIGN 7): a crash of the store never drops a charger. */
export type Platform = {
  readonly gateway: Managed;
  readonly query: Managed;
  /** Resolves with the first process that ends by itself. */
  readonly failed: Promise<Managed>;
  stop(): Promise<void>;
};

type Variables = Readonly<Record<string, string>>;

export type PlatformOptions = {
  /** Whether the tables are on a ClickHouse server: then a process of its own projects, else the query process. */
  readonly hasServer: boolean;
  /** For all of them, in place of what the environment says. */
  readonly common: Variables;
  readonly gateway?: Variables;
  readonly projector?: Variables;
  readonly api?: Variables;
};

const entryOf = (app: string) => new URL(`../../${app}/dist/main.js`, import.meta.url);

/** Starts ingest, then who projects, then who answers. @throws StartFailed, with whatever was started stopped again */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const started: Managed[] = [];
  // The reader ends before the log that it reads.
  const stop = async () => {
    for (const process of started.toReversed()) await process.stop();
  };
  const start = async (app: 'gateway' | 'projector' | 'api') => {
    const process = await startProcess(app, entryOf(app), { ...options.common, ...options[app] });
    started.push(process);
    return process;
  };
  try {
    const ingest = await start('gateway');
    if (options.hasServer) await start('projector');
    const query = await start('api');
    return { gateway: ingest, query, failed: Promise.race(started.map(whenEnded)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function whenEnded(process: Managed): Promise<Managed> {
  await process.ended;
  return process;
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

export const inFolder = (folder: string): Variables => ({ [variableName('data', 'folder')]: folder });
