import { AREAS } from './areas.ts';
import { type Area, BadSettings, readSettings, type SettingsOf } from './settings.ts';

/** Reads areas from this process's environment. The one place that does. @throws BadSettings */
export function settingsFromEnvironment<Areas extends Readonly<Record<string, Area>>>(
  areas: Areas,
): SettingsOf<Areas> {
  return readSettings(process.env, areas, AREAS);
}

/** As {@link settingsFromEnvironment}, for a process's entry: prints what is wrong and exits with 2. */
export function settingsOrExit<Areas extends Readonly<Record<string, Area>>>(
  areas: Areas,
): SettingsOf<Areas> {
  try {
    return settingsFromEnvironment(areas);
  } catch (error) {
    if (!(error instanceof BadSettings)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
}

/** Size of libuv's thread pool, which chDB's queries run on. */
export const threadPoolSize = (): number => Number(process.env.UV_THREADPOOL_SIZE ?? 4);

/** The environment for a child process: this one's, without our own settings, and these on top. */
export function childEnvironment(settings: Readonly<Record<string, string>>): Record<string, string> {
  const inherited = Object.entries(process.env).filter(([, value]) => value !== undefined) as [
    string,
    string,
  ][];
  return {
    ...Object.fromEntries(inherited),
    UV_THREADPOOL_SIZE: process.env.UV_THREADPOOL_SIZE ?? '16',
    ...settings,
  };
}
