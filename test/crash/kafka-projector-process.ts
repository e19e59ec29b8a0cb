import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { join } from 'node:path';
import type { ChildSettings, Said, Told } from './kafka-projector-child.ts';

/** As it was built: from source, its start would take half a second of CPU more. */
const CHILD = import.meta.dirname.includes('/dist/')
  ? join(import.meta.dirname, 'kafka-projector-child.js')
  : join(import.meta.dirname, '..', 'dist', 'crash', 'kafka-projector-child.js');

/** A projector as a process of its own ({@link file://./kafka-projector-child.ts}), and what it says of itself. */
export class ProjectorProcess {
  /** `said` and `ended`. */
  readonly events = new EventEmitter();
  readonly #child: ChildProcess;
  readonly #ended: Promise<[number | null, NodeJS.Signals | null]>;
  readonly #ready: Promise<unknown>;
  /** Records, since it joined. */
  written = 0;
  /** Which it holds, as of its last commit. */
  partitions = 0;

  constructor(settings: ChildSettings) {
    this.#child = fork(CHILD, [JSON.stringify(settings)], { execArgv: [] });
    this.#ended = once(this.#child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
    this.#ready = once(this.#child, 'message');
    this.#child.on('message', (said: Said) => {
      if ('written' in said) ({ written: this.written, partitions: this.partitions } = said);
      this.events.emit('said');
    });
    void this.#ended.then(() => this.events.emit('ended'));
  }

  async join(): Promise<void> {
    await this.#ready;
    this.#tell('join');
  }

  /** @returns whether it died where it was told to, and had not ended before for a reason of its own */
  async killedBeforeCheckpoint(): Promise<boolean> {
    this.#tell('die');
    const [, signal] = await this.#ended;
    return signal === 'SIGKILL';
  }

  async stop(): Promise<void> {
    await this.#ready;
    this.#tell('stop');
    const [code] = await this.#ended;
    if (code !== 0) throw new Error(`a projector ended with ${String(code)}`);
  }

  #tell(word: Told): void {
    // Who has ended is found by its exit.
    if (this.#child.connected) this.#child.send(word);
  }
}
