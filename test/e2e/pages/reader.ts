import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { childEnvironment, variableName } from '@chargeproof/config';
import { ROOT } from './page.ts';

const NODE = process.execPath;
const CLI = `"${NODE}" "${ROOT}/apps/cli/dist/main.js"`;

/** What npm and npx do in the checkout, without npm: it takes a second a call, and has nothing to do with us. */
const commandsWith = (start: string): Readonly<Record<string, string>> => ({
  // And nothing else: an install that begins here would begin itself again.
  npm: `[ "$1" = start ] && exec ${start} "$@"`,
  npx: `shift; exec ${CLI} "$@"`,
});

/** Milliseconds until a command that should end is ended. */
const PATIENCE = 60_000;

/** A person with a shell, in a folder of their own. */
export class Reader {
  readonly folder = mkdtempSync(join(tmpdir(), 'chargeproof-reader-'));
  readonly #environment: Readonly<Record<string, string>>;
  #staying: ChildProcess | undefined;

  /**
   * @param isNew whether what they start goes through the launcher, as everything of a person's does. It looks each time
   * whether all is built, which takes longer than most that is tried here: once is enough.
   */
  constructor(isNew = false) {
    const commands = join(this.folder, '.commands');
    mkdirSync(commands);
    const start = isNew ? `"${NODE}" "${ROOT}/tools/launch.mjs"` : CLI;
    for (const [name, line] of Object.entries(commandsWith(start))) {
      writeFileSync(join(commands, name), `#!/bin/sh\n${line}\n`);
      chmodSync(join(commands, name), 0o755);
    }
    this.#environment = childEnvironment({
      PATH: [commands, childEnvironment({}).PATH].join(delimiter),
      [variableName('gateway', 'port')]: '0',
      [variableName('api', 'port')]: '0',
      [variableName('gateway', 'tickSeconds')]: '1',
    });
  }

  /** @returns what it printed @throws Error with that, where it ends with another code than 0 */
  async runs(block: string): Promise<string> {
    const child = this.#shell(block);
    let printed = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (data) => (printed += String(data)));
    const limit = setTimeout(() => {
      end(child, 'SIGKILL');
    }, PATIENCE);
    const [code] = (await once(child, 'close')) as [number | null];
    clearTimeout(limit);
    if (code !== 0) throw new Error(`ended with ${String(code)}:\n${block}\n${printed}`);
    return printed;
  }

  /** Ends what was started so before, as Ctrl-C does. @returns the words once it says them */
  async stays(block: string, words: RegExp): Promise<RegExpExecArray> {
    await this.interrupt();
    const child = this.#shell(block);
    this.#staying = child;
    let said = '';
    child.stdout?.resume();
    return new Promise((resolve, reject) => {
      child.stderr?.on('data', (data) => {
        said += String(data);
        const match = words.exec(said);
        if (match !== null) resolve(match);
      });
      child.once('close', (code) => {
        reject(new Error(`ended with ${String(code)} before it said ${words.source}:\n${block}\n${said}`));
      });
    });
  }

  /** Ctrl-C; resolves when all that it started has ended. */
  async interrupt(): Promise<void> {
    const child = this.#staying;
    this.#staying = undefined;
    if (child?.exitCode !== null) return;
    const closed = once(child, 'close');
    end(child, 'SIGINT');
    await closed;
  }

  async leave(): Promise<void> {
    await this.interrupt();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** A process group of its own, to which the terminal's Ctrl-C goes. */
  #shell(block: string): ChildProcess {
    return spawn('/bin/sh', ['-e', '-c', block], {
      cwd: this.folder,
      env: this.#environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
  }
}

/** All that a shell started. */
function end({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid !== undefined) process.kill(-pid, signal);
}
