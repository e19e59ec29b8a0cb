import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { extname } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { childEnvironment } from '@chargeproof/config';
import { cpuSecondsOf } from './cpu.ts';

/** A process under measurement. */
export type Measured = {
  readonly address: string;
  /** What it said when it was ready, its address among it. */
  readonly said: Readonly<Record<string, string>>;
  readonly pid: number;
  /** CPU seconds so far, all threads. */
  cpuSeconds(): number;
  ask<Answer>(message: object): Promise<Answer>;
  /** Without an answer of its own. */
  tell(word: 'next' | 'end'): void;
  stop(): Promise<void>;
  /** SIGKILL. Settles when it is gone. */
  kill(): Promise<void>;
};

export type Settings = Readonly<Record<string, string>>;

export type StartOptions = {
  readonly args?: readonly string[];
  readonly settings?: Settings;
  /** For Node, before the file. */
  readonly nodeOptions?: readonly string[];
};

/** Starts a process that tells its address when it is ready. Its stdout goes to our stderr. */
export async function startMeasured(file: URL, options: StartOptions = {}): Promise<Measured> {
  const { args = [], settings = {}, nodeOptions = [] } = options;
  const child = fork(file, args, {
    stdio: ['ignore', 2, 2, 'ipc'],
    env: childEnvironment(settings),
    execArgv: [...process.execArgv, ...nodeOptions],
  });
  const said = await nextMessage<Record<string, string>>(child);
  const pid = child.pid ?? 0;
  return {
    address: said.address ?? '',
    said,
    pid,
    cpuSeconds: () => cpuSecondsOf(pid),
    ask: async <Answer>(message: object) => {
      child.send(message);
      return nextMessage<Answer>(child);
    },
    tell: (word) => {
      child.send(word);
    },
    stop: () => end(child, 'SIGTERM'),
    kill: () => end(child, 'SIGKILL'),
  };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}

/** @throws Error when the process ends instead of answering */
function nextMessage<Message>(child: ChildProcess): Promise<Message> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => {
      reject(new Error(`a measured process ended with ${String(code)}`));
    };
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(message as Message);
    });
  });
}

/** What a script prints on stdout. @throws Error when it ends with another code than 0 */
export async function outputOf(file: URL, options: StartOptions = {}): Promise<string> {
  const { args = [], settings = {} } = options;
  const child = spawn(process.execPath, [...process.execArgv, fileURLToPath(file), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: childEnvironment(settings),
  });
  const printed = text(child.stdout);
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${file.pathname} ended with ${String(code)}`);
  return printed;
}

/** A file of this folder by its path without extension, as it runs now: from source or from dist. */
export const fileHere = (path: string) => new URL(`./${path}${extname(import.meta.url)}`, import.meta.url);

/** The main file of an app, from its build. */
export const appMain = (app: string) =>
  new URL(
    `${extname(import.meta.url) === '.js' ? '../../..' : '../..'}/apps/${app}/dist/main.js`,
    import.meta.url,
  );

export const say = (line: string) => process.stderr.write(`${line}\n`);
