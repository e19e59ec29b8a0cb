import { nodeOptionsOf, variableName } from '@chargeproof/config';
import { appMain, type Measured, type Settings, startMeasured, type StartOptions } from './processes.ts';
import type { Place, Profile, ReaderApp } from './profiles/index.ts';

/** How each app is started: on any free port, silent where all is well. */
const PORTS: Readonly<Record<'gateway' | ReaderApp, Settings>> = {
  gateway: {
    [variableName('gateway', 'port')]: '0',
    // What it can do is asked here, by stations that talk as fast as they are answered.
    [variableName('gateway', 'framesPerSecond')]: '0',
    [variableName('gateway', 'handshakesPerMinute')]: '0',
  },
  projector: {},
  api: { [variableName('api', 'port')]: '0' },
};

export function startApp(
  app: keyof typeof PORTS,
  place: Place,
  { settings, nodeOptions }: Omit<StartOptions, 'args'> = {},
): Promise<Measured> {
  return startMeasured(appMain(app), {
    settings: {
      ...place.settings,
      [variableName('runtime', 'logLevel')]: 'warn',
      ...PORTS[app],
      ...settings,
    },
    nodeOptions: [...nodeOptionsOf(app), ...(nodeOptions ?? [])],
  });
}

/** In front of an upstream; without one, the built-in central system answers. */
export const startGateway = (place: Place, upstream?: Measured, nodeOptions: readonly string[] = []) =>
  startApp('gateway', place, {
    nodeOptions,
    ...(upstream && { settings: { [variableName('gateway', 'upstream')]: upstream.address } }),
  });

/** Everything between the log and an answer. */
export type Readers = {
  /** By app, in the order of their start. */
  readonly processes: ReadonlyMap<ReaderApp, Measured>;
  /** Where questions are asked. */
  readonly address: string;
  cpuSeconds(): number;
  stop(): Promise<void>;
};

export async function startReaders({ readers }: Profile, place: Place): Promise<Readers> {
  const processes = new Map<ReaderApp, Measured>();
  for (const app of readers) processes.set(app, await startApp(app, place));
  const all = [...processes.values()];
  return {
    processes,
    address: all.at(-1)?.address ?? '',
    cpuSeconds: () => all.reduce((sum, process) => sum + process.cpuSeconds(), 0),
    stop: async () => {
      for (const process of all.toReversed()) await process.stop();
    },
  };
}

/** Where a process that folds is asked for its figures. */
export const operationsOf = ({ said }: Measured) => said.health ?? said.address ?? '';

/** The sum of a figure over its labels; undefined while the process has none. */
export async function figureOf(process: Measured, name: string): Promise<number | undefined> {
  // A socket kept alive may be closed by a process that was too busy to say so before it is used again.
  const response = await fetch(`${operationsOf(process).replace(/^ws/, 'http')}/metrics`, {
    headers: { connection: 'close' },
  });
  const lines = (await response.text()).split('\n').filter((line) => line.startsWith(`chargeproof_${name}`));
  if (lines.length === 0) return undefined;
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

/** @throws Error with what is wrong about the question */
export async function ask<Answer>(address: string, query: string): Promise<Answer> {
  const response = await fetch(`${address}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const { data, errors } = (await response.json()) as { data?: Answer; errors?: unknown };
  if (data === undefined || errors !== undefined) throw new Error(JSON.stringify(errors));
  return data;
}
