import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { childEnvironment } from '@chargeproof/config';

/** A process under measurement. */
export type Measured = {
  readonly address: string;
  /** CPU seconds so far, all threads. */
  cpuSeconds(): number;
  ask<Answer>(message: object): Promise<Answer>;
  stop(): Promise<void>;
};

/** Kernel ticks a second, which /proc counts CPU in: 100 on every Linux that Node runs on. */
const TICKS = 100;

/** Starts a process that tells its address when it is ready. Its stdout goes to our stderr. */
export async function startMeasured(
  file: URL,
  args: readonly string[] = [],
  settings: Readonly<Record<string, string>> = {},
): Promise<Measured> {
  const child = fork(file, args, { stdio: ['ignore', 2, 2, 'ipc'], env: childEnvironment(settings) });
  const { address } = await nextMessage<{ address: string }>(child);
  return {
    address,
    cpuSeconds: () => cpuSeconds(child.pid ?? 0),
    ask: async <Answer>(message: object) => {
      child.send(message);
      return nextMessage<Answer>(child);
    },
    stop: async () => {
      if (child.exitCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
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

function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** What a script prints on stdout. @throws Error when it ends with another code than 0 */
export async function outputOf(file: URL): Promise<string> {
  const child = spawn(process.execPath, [...process.execArgv, fileURLToPath(file)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: childEnvironment({}),
  });
  const printed = text(child.stdout);
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${file.pathname} ended with ${String(code)}`);
  return printed;
}

/** A file beside this one, as it runs now: from source or from dist. */
export const beside = (name: string) => new URL(`./${name}${extname(import.meta.url)}`, import.meta.url);

/** The main file of an app, from its build. */
export const appMain = (app: string) =>
  new URL(
    `${extname(import.meta.url) === '.js' ? '../../..' : '../..'}/apps/${app}/dist/main.js`,
    import.meta.url,
  );

export const say = (line: string) => process.stderr.write(`${line}\n`);

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
