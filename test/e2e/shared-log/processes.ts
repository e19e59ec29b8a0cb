import { fork } from 'node:child_process';
import { once } from 'node:events';
import { childEnvironment, variableName } from '@chargeproof/config';

export type AppProcess = {
  /** What it says of itself when it can be used. */
  readonly ready: Readonly<Record<string, string>>;
  readonly said: () => string;
  stop(): Promise<void>;
};

/** The API or a projector as a person's machine runs it. @throws Error with what it said, where it ended before it was ready */
export async function startApp(
  app: 'api' | 'projector',
  settings: Readonly<Record<string, string>>,
  logLevel = 'warn',
): Promise<AppProcess> {
  const env = childEnvironment({ ...settings, [variableName('runtime', 'logLevel')]: logLevel });
  const main = new URL(`../../../apps/${app}/dist/main.js`, import.meta.url);
  const child = fork(main, { env, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let said = '';
  child.stderr?.on('data', (chunk) => (said += String(chunk)));
  const ended = once(child, 'close');
  const told = await Promise.race([once(child, 'message'), ended.then(() => undefined)]);
  if (told === undefined) throw new Error(said.trim());
  return {
    ready: told[0] as Readonly<Record<string, string>>,
    said: () => said,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
