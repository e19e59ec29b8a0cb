import { type ChildProcess, fork, spawn, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { childEnvironment, variableName } from '@chargeproof/config';
import { builtApp } from '../../fixtures/built.ts';

const MAIN = builtApp('gateway');

export type GatewayProcess = {
  readonly address: string;
  readonly run: string;
  readonly pid: number;
  readonly said: () => string;
  /** Exit code, null after a kill. */
  readonly ended: Promise<number | null>;
  signal(name: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
  /** What the death of its supervisor looks like to it. */
  disconnect(): Promise<number | null>;
};

export type ProcessLimits = {
  /** The system refuses to let a file grow beyond so many blocks of its shell. */
  readonly fileBlocks?: number;
};

/** Stations here hear what a spec has them hear, and no question of the gateway's own. */
const QUIET = { [variableName('centralSystem', 'readConfiguration')]: 'false' };

/** The gateway as a person's machine runs it, but {@link QUIET}. @throws Error with what it said, where it ended before it was ready */
export async function startGatewayProcess(
  settings: Readonly<Record<string, string>>,
  limits: ProcessLimits = {},
): Promise<GatewayProcess> {
  if (!existsSync(MAIN)) throw new Error('apps/gateway is not built: run tsc -b');
  const child = startChild(childEnvironment({ ...QUIET, ...settings }), limits);
  let said = '';
  child.stderr?.on('data', (chunk) => (said += String(chunk)));
  // Its last words may come after its exit; and of one that was disconnected, its own `close` never does.
  const lastWords = child.stderr === null ? undefined : once(child.stderr, 'close');
  const ended = Promise.all([once(child, 'exit'), lastWords]).then(([[code]]) => code as number | null);
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
    disconnect: () => {
      child.disconnect();
      return ended;
    },
  };
}

function startChild(env: Readonly<Record<string, string>>, { fileBlocks }: ProcessLimits): ChildProcess {
  const stdio: StdioOptions = ['ignore', 'pipe', 'pipe', 'ipc'];
  if (fileBlocks === undefined) return fork(MAIN, { env, stdio });
  const limited = `ulimit -f ${fileBlocks}; exec "$0" "$1"`;
  return spawn('/bin/sh', ['-c', limited, process.execPath, MAIN], { env, stdio });
}
