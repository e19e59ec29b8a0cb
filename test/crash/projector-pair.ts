import { EventEmitter, once } from 'node:events';
import { FRAME_PARTITIONS as ALL } from '@chargeproof/record';
import type { ProjectorProcess } from './kafka-projector-process.ts';

/**
 * Two projectors, kept at two by whoever starts them, as a supervisor would: for one that ends another joins,
 * whatever it ended for. On a busy machine one may end by itself, because it could not be heard in time. Every
 * other joins at once, while the group still waits for the dead; the others take from a survivor that has all.
 */
export class ProjectorPair {
  readonly #start: () => ProjectorProcess;
  readonly #changes = new EventEmitter();
  #alive: readonly ProjectorProcess[] = [];
  /** How many records each had written when the members last changed. */
  #before = new Map<ProjectorProcess, number>();
  /** Connected already, so that it joins at once. */
  #spare: ProjectorProcess;
  #ended = 0;
  #isOver = false;

  constructor(start: () => ProjectorProcess) {
    this.#start = start;
    this.#spare = start();
    this.#add();
    this.#add();
  }

  /** Resolves when both have written since a member last joined. */
  bothWrite(): Promise<void> {
    const writes = (each: ProjectorProcess) => each.written > (this.#before.get(each) ?? 0);
    return this.#until(() => this.#alive.length === 2 && this.#alive.every(writes));
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

  async #replace(): Promise<void> {
    this.#ended += 1;
    if (this.#ended % 2 === 0)
      await this.#until(() => this.#alive.some(({ partitions }) => partitions === ALL));
    if (!this.#isOver) this.#add();
  }

  async #until(isIt: () => boolean): Promise<void> {
    while (!isIt() && !this.#isOver) await once(this.#changes, 'change');
  }

  #add(): void {
    const joining = this.#spare;
    this.#spare = this.#start();
    this.#alive = [...this.#alive, joining];
    this.#before = new Map(this.#alive.map((each) => [each, each.written]));
    joining.events.on('said', () => this.#changes.emit('change'));
    joining.events.once('ended', () => {
      this.#alive = this.#alive.filter((each) => each !== joining);
      this.#changes.emit('change');
      void this.#replace();
    });
    void joining.join();
  }
}
