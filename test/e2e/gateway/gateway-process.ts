import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { childEnvironment } from '@chargeproof/config';

/** Built by `npm test` before it runs anything. */
const MAIN = new URL(
  import.meta.url.includes('/dist/')
    ? '../../../../apps/gateway/dist/main.js'
    : '../../../apps/gateway/dist/main.js',
  import.meta.url,
);

export type GatewayProcess = {
  readonly address: string;
  readonly run: string;
  readonly pid: number;
  readonly said: () => string;
  /** Exit code, null after a kill. */
  readonly ended: Promise<number | null>;
  signal(name: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
};

/** The gateway as a person's machine runs it. @throws Error with what it said, where it ended before it was ready */
export async function startGatewayProcess(
  settings: Readonly<Record<string, string>>,
): Promise<GatewayProcess> {
  if (!existsSync(MAIN)) throw new Error('apps/gateway is not built: run tsc -b');
  const child = fork(MAIN, { env: childEnvironment(settings), stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  let said = '';
  child.stderr?.on('data', (chunk) => (said += String(chunk)));
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  const ready = once(child, 'message').then(([message]) => message as { address: string; run: string });
  const first = await Promise.race([ready, ended.then(() => undefined)]);
  if (first === undefined) throw new Error(said.trim());
  return {
    ...first,
    pid: child.pid ?? 0,
    said: () => said,
    ended,
    signal: (name) => {
      child.kill(name);
      return ended;
    },
  };
}
