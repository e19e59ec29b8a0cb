import { EventEmitter, once } from 'node:events';
import type { ProjectorProcess } from './kafka-projector-process.ts';

/**
 * Two projectors, kept at two by whoever starts them, as a supervisor would: for one that ends another joins,
 * whatever it ended for. On a busy machine one may end by itself, because it could not be heard in time.
 */
export class ProjectorPair {
  readonly #start: () => ProjectorProcess;
  readonly #changes = new EventEmitter();
  #alive: readonly ProjectorProcess[] = [];
  /** How many records each had written when the members last changed. */
  #before = new Map<ProjectorProcess, number>();
  /** Connected already, so that it joins at once. */
  #spare: ProjectorProcess;
  #isOver = false;

  constructor(start: () => ProjectorProcess) {
    this.#start = start;
    this.#spare = start();
    this.#add();
    this.#add();
  }

  /** Resolves when both have written since a member last joined. */
  async bothWrite(): Promise<void> {
    while (!this.#alive.every((each) => each.written > (this.#before.get(each) ?? 0)))
      await once(this.#changes, 'change');
  }

  /** Kills the one that has been there longer. @returns whether it died between facts and checkpoint */
  async killOlder(): Promise<boolean> {
    const [older] = this.#alive;
    const killed = await older?.killedBeforeCheckpoint();
    return killed === true;
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await Promise.all([...this.#alive, this.#spare].map((each) => each.stop()));
  }

  #add(): void {
    const joining = this.#spare;
    this.#spare = this.#start();
    this.#alive = [...this.#alive, joining];
    this.#before = new Map(this.#alive.map((each) => [each, each.written]));
    joining.events.on('said', () => this.#changes.emit('change'));
    joining.events.once('ended', () => {
      this.#alive = this.#alive.filter((each) => each !== joining);
      if (!this.#isOver) this.#add();
      this.#changes.emit('change');
    });
    void joining.join();
  }
}
