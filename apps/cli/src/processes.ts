import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { childEnvironment, nodeOptionsOf } from '@chargeproof/config';
import { CommandFailed } from './command.ts';

/** What a process of ours tells its supervisor when it can be used. */
export type Ready = { readonly address: string; readonly run?: string };

export type Managed = {
  readonly name: string;
  readonly ready: Ready;
  /** Resolves with the exit code when it has ended, for whatever reason; a signal's is 128 and its number, as in a shell. */
  readonly ended: Promise<number>;
  /** Asks it to end in order and waits for it. */
  stop(): Promise<void>;
};

/** A process of ours ended before it was ready; what it said is on stderr. */
export class StartFailed extends CommandFailed {
  override readonly name = 'StartFailed';
  readonly code: number;
  constructor(name: string, code: number) {
    super(`${name} ended with ${code} before it was ready; the lines above say why.`);
    this.code = code;
  }
}

/** How long a process may take to end in order before it is killed. Longer than a store's running query (10 s). */
export const STOP_MILLISECONDS = 20_000;

/**
 * Starts a process of ours, by the name of its app, and waits until it says it is ready. Its stdout goes to our stderr, because
 * ours belongs to the command. It ends itself when we die: the channel between us closes.
 * @throws StartFailed
 */
export async function startProcess(
  name: string,
  file: URL,
  settings: Readonly<Record<string, string>>,
  stopMilliseconds = STOP_MILLISECONDS,
): Promise<Managed> {
  const child = fork(file, {
    env: childEnvironment(settings),
    execArgv: [...process.execArgv, ...nodeOptionsOf(name)],
    stdio: ['ignore', 2, 2, 'ipc'],
  });
  const ended = new Promise<number>((resolve) => {
    child.once('exit', (code, signal) => {
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
  const first = await Promise.race([once(child, 'message') as Promise<[Ready]>, ended]);
  if (typeof first === 'number') throw new StartFailed(name, first);
  return { name, ready: first[0], ended, stop: () => stop(child, ended, stopMilliseconds) };
}

async function stop(child: ChildProcess, ended: Promise<number>, patience: number): Promise<void> {
  const watchdog = setTimeout(() => child.kill('SIGKILL'), patience);
  child.kill('SIGTERM');
  await ended;
  clearTimeout(watchdog);
}
