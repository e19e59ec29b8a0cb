import { variableName } from '@chargeproof/config';
import { keepProcess } from './kept-process.ts';
import { type Managed, type Ready, startProcess, STOP_MILLISECONDS } from './processes.ts';

/** One installation's processes on this machine (DESIGN 7): a crash of the store never drops a charger. */
export type Platform = {
  readonly gateway: Managed;
  readonly query: Managed;
  /** Resolves with the first process that ends by itself; of those that are started again, with one that is given up. */
  readonly failed: Promise<Managed>;
  stop(): Promise<void>;
};

type Variables = Readonly<Record<string, string>>;

export type PlatformOptions = {
  /** Whether the tables are on a ClickHouse server: then a process of its own projects, else the query process. */
  readonly hasServer: boolean;
  /** Takes a line for each process that ended by itself and is started again; absent, none is. */
  readonly restarting?: (line: string) => void;
  /** So long the gateway takes to send its stations elsewhere when it is asked to end. */
  readonly drainSeconds: number;
  /** For all of them, in place of what the environment says. */
  readonly common: Variables;
  readonly gateway?: Variables;
  readonly projector?: Variables;
  readonly api?: Variables;
};

type App = 'gateway' | 'projector' | 'api';
const entryOf = (app: App) => new URL(`../../${app}/dist/main.js`, import.meta.url);

/** Ingest, then who projects, then who answers. @throws StartFailed */
async function startPlatform(options: PlatformOptions, ending: AbortController): Promise<Platform> {
  const started: Managed[] = [];
  // The reader ends before the log that it reads.
  const stop = async () => {
    ending.abort();
    for (const process of started.toReversed()) await process.stop();
  };
  const start = async (app: App) => {
    const process = await startOne(app, options, ending.signal);
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

/**
 * A gateway that does not come up again is given up: its log has somebody else, or no room, or its port is taken, and a
 * person or a service manager has to know. Who only reads what is recorded is tried for as long as the gateway lives.
 */
function startOne(
  app: App,
  { restarting, drainSeconds, ...options }: PlatformOptions,
  ending: AbortSignal,
): Promise<Managed> {
  const patience = STOP_MILLISECONDS + (app === 'gateway' ? drainSeconds * 1000 : 0);
  const start = (first?: Ready) => {
    const settings = { ...options.common, ...options[app], ...samePort(app, first) };
    return startProcess(app, entryOf(app), settings, patience);
  };
  if (restarting === undefined) return start();
  return keepProcess({ start, mustStart: app === 'gateway', say: restarting, ending });
}

/** Where any free port was asked for, the same one again: it is what stations and people were told. */
function samePort(app: App, first: Ready | undefined): Variables {
  if (app === 'projector' || first === undefined) return {};
  const { port } = new URL(first.address);
  return port === '' ? {} : { [variableName(app, 'port')]: port };
}

async function whenEnded(process: Managed): Promise<Managed> {
  await process.ended;
  return process;
}

/**
 * Starts all of a platform, unless asked to end meanwhile: then what was started is stopped, and there is none.
 * @throws StartFailed, with whatever was started stopped again
 */
export async function startUnlessAsked(
  asked: Promise<'signal'>,
  options: PlatformOptions,
): Promise<Platform | undefined> {
  const ending = new AbortController();
  void asked.then(() => {
    ending.abort();
  });
  const starting = startPlatform(options, ending);
  if ((await Promise.race([starting, asked])) !== 'signal') return starting;
  await starting.then(
    (platform) => platform.stop(),
    () => undefined, // It was asked to end before it was ready: that is no failure.
  );
  return undefined;
}

export const inFolder = (folder: string): Variables => ({ [variableName('data', 'folder')]: folder });
