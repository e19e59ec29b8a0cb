import { createMemoryLog, type Log, LogAway, LogFailed, type MemoryLog } from '@chargeproof/log';

/**
 * `there`; `away`: nothing is heard of what is appended, and it is appended when the log is there again; `deaf`: it
 * is appended and that is not heard until then; `broken`, `brokenBehind`: rejected, and not appended, or appended.
 */
export type Mood = 'there' | 'away' | 'deaf' | 'broken' | 'brokenBehind';

/** A log of which those who hold it do not always hear. */
export class FlakyLog {
  readonly kept: MemoryLog = createMemoryLog();
  opened = 0;
  /** Calls of append that reached it. */
  appends = 0;
  #mood: Mood = 'there';
  #back = Promise.withResolvers<undefined>();
  #life = { isDead: false };

  set mood(mood: Mood) {
    this.#mood = mood;
    if (mood === 'there') this.#back.resolve(undefined);
    else this.#back = Promise.withResolvers();
  }

  /** What was opened so far is of a process that has died: nothing of it arrives any more. */
  kill(): void {
    this.#life.isDead = true;
    this.#life = { isDead: false };
  }

  readonly open = (): Promise<Log> => {
    if (this.#mood === 'away' || this.#mood === 'deaf')
      return Promise.reject(new LogAway('no broker answers'));
    this.opened += 1;
    const life = this.#life;
    const reader = this.kept.reader();
    const append: Log['append'] = async (topic, records) => {
      this.appends += 1;
      const copies = records.map((record) => ({ ...record, value: record.value.slice() }));
      const mood = this.#mood;
      if (mood === 'broken') throw new LogFailed('the log cannot go on');
      const early = mood === 'deaf' || mood === 'brokenBehind' ? this.kept.append(topic, copies) : undefined;
      if (mood === 'brokenBehind') throw new LogFailed('the log cannot go on');
      if (mood !== 'there') await this.#back.promise;
      if (life.isDead) return new Promise(() => undefined);
      return early ?? this.kept.append(topic, copies);
    };
    return Promise.resolve(
      Object.assign(Object.create(reader) as Log, {
        append,
        read: reader.read.bind(reader),
        subscribe: reader.subscribe.bind(reader),
        end: reader.end.bind(reader),
        recordsFrom: reader.recordsFrom.bind(reader),
        commit: reader.commit.bind(reader),
        committed: reader.committed.bind(reader),
        close: reader.close.bind(reader),
        generation: 0,
      }),
    );
  };
}
