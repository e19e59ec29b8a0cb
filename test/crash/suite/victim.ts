import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { extname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { childEnvironment } from '@chargeproof/config';

export type App = 'gateway' | 'api' | 'projector';
export type Settings = Readonly<Record<string, string>>;

/** Built before anything of this runs. */
const APPS = new URL(
  extname(import.meta.url) === '.js' ? '../../../../apps/' : '../../../apps/',
  import.meta.url,
);

/** What a supervisor waits, in milliseconds. */
const STARTED_AGAIN_AFTER = 500;

/** A process that is killed and started again, as it was. */
export type Victim = {
  readonly name: string;
  start(): Promise<void>;
  kill(): Promise<void>;
  /** @throws Error where it does not end as it should */
  stop(): Promise<void>;
};

/** A process of the product; what it says is kept. */
export class AppVictim implements Victim {
  readonly name: App;
  readonly #settings: Settings;
  readonly #root: string;
  #child: ChildProcess | undefined;
  #up = Promise.withResolvers<string>();

  /** @param root where what it says is kept, and its working and temporary folder */
  constructor(name: App, root: string, settings: Settings) {
    this.name = name;
    this.#root = root;
    this.#settings = settings;
  }

  /** Where it can be reached, as soon as it can. It is another place after each start. */
  get address(): Promise<string> {
    return this.#up.promise;
  }

  /**
   * Starts it, and again whenever it ends by itself, as a supervisor does: who cannot go on without another process
   * ends.
   * @throws Error where it ends before it is ready
   */
  async start(): Promise<void> {
    const child = this.#begin();
    const ended = once(child, 'exit').then(() => undefined);
    const ready = once(child, 'message').then(([message]) => message as { readonly address: string });
    const first = await Promise.race([ready, ended]);
    if (first === undefined)
      throw new Error(`${this.name} did not start: see ${this.#root}/${this.name}.log`);
    this.#up.resolve(first.address);
    void ended.then(() => this.#again(child));
  }

  /** @param last the one that has ended; another, or none, is there when it was killed or stopped from here */
  async #again(last: ChildProcess): Promise<void> {
    if (this.#child !== last) return;
    this.#up = Promise.withResolvers();
    await pause(STARTED_AGAIN_AFTER);
    if (this.#child !== last) return;
    await this.start().catch(() => this.#child && this.#again(this.#child));
  }

  /** Starts it and kills it so many milliseconds later, ready or not. */
  async startAndKill(milliseconds: number): Promise<void> {
    const child = this.#begin();
    const timer = setTimeout(() => child.kill('SIGKILL'), milliseconds);
    await once(child, 'exit');
    clearTimeout(timer);
  }

  kill(): Promise<void> {
    this.#up = Promise.withResolvers();
    return this.#end('SIGKILL', null);
  }

  stop(): Promise<void> {
    return this.#end('SIGTERM', 0);
  }

  #begin(): ChildProcess {
    const temporary = join(this.#root, 'temporary');
    mkdirSync(temporary, { recursive: true });
    const said = openSync(join(this.#root, `${this.name}.log`), 'a');
    this.#child = fork(new URL(`${this.name}/dist/main.js`, APPS), {
      cwd: temporary,
      env: { ...childEnvironment(this.#settings), TMPDIR: temporary },
      stdio: ['ignore', said, said, 'ipc'],
    });
    closeSync(said);
    return this.#child;
  }

  async #end(signal: NodeJS.Signals, expected: number | null): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    const [code] = (await ended) as [number | null];
    if (code !== expected) throw new Error(`${this.name} ended with ${String(code)} after ${signal}`);
  }
}

type Server = { signal(name: 'SIGKILL'): void; startAgain(): Promise<void> };

/** A server that runs already, and ends with its suite. */
export class ServerVictim implements Victim {
  readonly name: string;
  readonly #server: Server;
  #killed = false;

  constructor(name: string, server: Server) {
    this.name = name;
    this.#server = server;
  }

  async start(): Promise<void> {
    if (this.#killed) await this.#server.startAgain();
    this.#killed = false;
  }

  kill(): Promise<void> {
    this.#killed = true;
    this.#server.signal('SIGKILL');
    return Promise.resolve();
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }
}
