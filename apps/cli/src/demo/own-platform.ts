import {
  api,
  data,
  gateway,
  kafka,
  projector,
  runtime,
  settingsOrExit,
  store,
  type SettingsOf,
  variableName,
} from '@chargeproof/config';
import { inFolder, type Platform, type PlatformOptions, startUnlessAsked } from '../platform.ts';
import { isFree, nextFreePort } from '../ports.ts';

const AREAS = { api, data, gateway, kafka, projector, runtime, store };
export type DemoSettings = SettingsOf<typeof AREAS>;

/** Short enough that a person sees the recorder's own heartbeat, in seconds. */
const TICK_SECONDS = 5;

/**
 * The settings of a demo: as the environment has them, but for topics and a database of its own. Nothing leaves
 * a log again, and simulated stations are nobody's record.
 */
export function demoSettings(): DemoSettings {
  const settings = settingsOrExit(AREAS);
  return {
    ...settings,
    kafka: { ...settings.kafka, topicPrefix: `${settings.kafka.topicPrefix}demo.` },
    store: { ...settings.store, database: `${settings.store.database}_demo` },
  };
}

export type DemoPlatform = {
  readonly folder: string;
  readonly pace: number;
  /** The CSMS that it relays to. */
  readonly upstream: string;
};

/** Between a look for a free port and its use another demo may take it: then the next ones are tried. */
export async function startOnFreePorts(
  asked: Promise<'signal'>,
  settings: DemoSettings,
  demo: DemoPlatform,
  say: (line: string) => void,
): Promise<Platform | undefined> {
  for (;;) {
    const ports = await freePorts(settings);
    try {
      return await startUnlessAsked(asked, optionsOf(settings, ports, demo));
    } catch (error) {
      const areFree = await Promise.all(LISTENERS.map((area) => isFree(settings[area].host, ports[area])));
      if (areFree.every((free) => free)) throw error;
      say('A port was taken meanwhile: trying the next.');
    }
  }
}

const LISTENERS = ['gateway', 'projector', 'api'] as const;
type Ports = Readonly<Record<(typeof LISTENERS)[number], number>>;

async function freePorts(settings: DemoSettings): Promise<Ports> {
  const free = (area: (typeof LISTENERS)[number]) => nextFreePort(settings[area].host, settings[area].port);
  return { gateway: await free('gateway'), projector: await free('projector'), api: await free('api') };
}

function optionsOf(
  { gateway, kafka, runtime, store }: DemoSettings,
  ports: Ports,
  { folder, pace, upstream }: DemoPlatform,
): PlatformOptions {
  const port = (area: keyof Ports) => ({ [variableName(area, 'port')]: String(ports[area]) });
  return {
    hasServer: store.url !== undefined,
    drainSeconds: gateway.drainSeconds,
    common: {
      ...inFolder(folder),
      // The demo speaks itself: what its processes say at the usual level would drown it.
      [variableName('runtime', 'logLevel')]: runtime.logLevel === 'info' ? 'warn' : runtime.logLevel,
      [variableName('kafka', 'topicPrefix')]: kafka.topicPrefix,
      [variableName('store', 'database')]: store.database,
    },
    gateway: {
      ...port('gateway'),
      [variableName('gateway', 'upstream')]: upstream,
      [variableName('gateway', 'tickSeconds')]: String(Math.max(1, Math.round(TICK_SECONDS / pace))),
    },
    projector: port('projector'),
    api: port('api'),
  };
}
