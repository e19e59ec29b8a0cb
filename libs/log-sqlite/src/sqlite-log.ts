import type { Position } from '@chargeproof/record';
import type { AppendRequest, Log, Topic } from '@chargeproof/log';
import { TOPICS } from '@chargeproof/log';
import { periodFilesIn } from './folder.ts';
import type { GroupCommitOptions, TopicStart } from './group-commit.ts';
import { GroupCommit } from './group-commit.ts';
import { firstOffset } from './offsets.ts';
import { OwnAppends } from './own-appends.ts';
import type { OwnerLock } from './owner-lock.ts';
import { SqliteLogReader } from './sqlite-log-reader.ts';

export type OwnerOptions = Omit<GroupCommitOptions, 'generation' | 'file' | 'starts' | 'committed'>;

/** The owner: reads as every reader does, and appends. */
export class SqliteLog extends SqliteLogReader implements Log {
  readonly #lock: OwnerLock;
  readonly #writer: GroupCommit;
  #closing: Promise<void> | undefined;

  constructor(generation: number, lock: OwnerLock, options: OwnerOptions) {
    const appends: Readonly<Record<Topic, OwnAppends>> = {
      'ocpp.frames': new OwnAppends(),
      'platform.decisions': new OwnAppends(),
    };
    super(options.folder, generation, (topic) => appends[topic]);
    this.#lock = lock;
    this.#writer = new GroupCommit({
      ...options,
      generation,
      file: periodFilesIn(options.folder).at(-1) ?? '',
      starts: this.#starts(),
      committed: (topic) => {
        appends[topic].appended();
      },
    });
  }

  append(topic: Topic, records: readonly AppendRequest[]): Promise<readonly Position[]> {
    return this.#writer.append(topic, records);
  }

  override close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#writer.drain();
    // Ours before the writer's: the last to close a file is to be the one that can leave it whole.
    await super.close();
    await this.#writer.close();
    this.#lock.release();
  }

  #starts(): ReadonlyMap<Topic, TopicStart> {
    try {
      return new Map((Object.keys(TOPICS) as Topic[]).map((topic) => [topic, this.#start(topic)]));
    } catch (error) {
      void super.close();
      throw error;
    }
  }

  /** Where a topic goes on. Reads its last block, so that damage there is found before anything is added. */
  #start(topic: Topic): TopicStart {
    const reader = this.topic(topic);
    const loggedAt = new Map(
      [...reader.heads()].map(([partition, head]) => [partition, head.loggedAt] as const),
    );
    return { nextOffset: firstOffset(this.#lock.opens, reader.until), loggedAt };
  }
}
