import { createMemoryLog, type Log, LogAway, LogFailed, type MemoryLog, type Topic } from '@chargeproof/log';
import type { LogBehind } from '../upstream.ts';
import { type Numbered, NumberedTopic, Numbers } from './numbered-topic.ts';

/**
 * `there`; `away`: nothing is heard of what is appended, and it is appended when the log is there again; `deaf`: it
 * is appended and that is not heard until then; `broken`, `brokenBehind`: rejected, and not appended, or appended.
 */
export type Mood = 'there' | 'away' | 'deaf' | 'broken' | 'brokenBehind';

/** When what a dead process had sent arrives: not at all, or around the first that its successor sends. */
export type Arrival = 'never' | 'before' | 'after';

type Sent = { readonly topic: Topic; readonly records: readonly Numbered[] };

/** A log of which those who hold it do not always hear. */
export class FlakyLog {
  readonly kept: MemoryLog = createMemoryLog();
  opened = 0;
  /** Calls of append that reached it. */
  appends = 0;
  /** What happens while it takes a call. */
  meanwhile: () => Promise<void> = () => Promise.resolve();
  readonly #numbered = new NumberedTopic(this.kept);
  #mood: Mood = 'there';
  #back = Promise.withResolvers<undefined>();
  #life = { isDead: false };
  #underWay = new Set<Sent>();
  #late: { arrival: Arrival; sent: readonly Sent[] } = { arrival: 'never', sent: [] };

  set mood(mood: Mood) {
    this.#mood = mood;
    if (mood === 'there') this.#back.resolve(undefined);
    else this.#back = Promise.withResolvers();
  }

  /** What was opened so far is of a process that has died, and hears nothing any more. */
  kill(arrival: Arrival = 'never'): void {
    this.#life.isDead = true;
    this.#life = { isDead: false };
    this.#late = { arrival, sent: [...this.#underWay] };
    this.#underWay = new Set();
  }

  readonly open = (): Promise<LogBehind> => {
    if (this.#mood === 'away' || this.#mood === 'deaf')
      return Promise.reject(new LogAway('no broker answers'));
    this.opened += 1;
    const life = this.#life;
    const numbers = new Numbers(String(this.opened));
    const reader = this.kept.reader();
    const append: Log['append'] = async (topic, records) => {
      this.appends += 1;
      await this.meanwhile();
      const copies = records.map((record) => ({ ...record, value: record.value.slice() }));
      const mood = this.#mood;
      if (mood === 'broken') throw new LogFailed('the log cannot go on');
      const sent = { topic, records: numbers.give(copies) };
      const early = mood === 'deaf' || mood === 'brokenBehind' ? this.#arrive(sent) : undefined;
      if (mood === 'brokenBehind') throw new LogFailed('the log cannot go on');
      if (early === undefined) this.#underWay.add(sent);
      if (mood !== 'there') await this.#back.promise;
      if (life.isDead) return new Promise(() => undefined);
      this.#underWay.delete(sent);
      return early ?? this.#arrive(sent);
    };
    return Promise.resolve({
      append,
      get numbering() {
        return numbers.now;
      },
      resume: numbers.resume.bind(numbers),
      read: reader.read.bind(reader),
      subscribe: reader.subscribe.bind(reader),
      end: reader.end.bind(reader),
      recordsFrom: reader.recordsFrom.bind(reader),
      commit: reader.commit.bind(reader),
      committed: reader.committed.bind(reader),
      close: reader.close.bind(reader),
      generation: 0,
    });
  };

  async #arrive(sent: Sent) {
    const { arrival, sent: late } = this.#late;
    this.#late = { arrival: 'never', sent: [] };
    if (arrival === 'before') for (const each of late) await this.#take(each);
    const positions = await this.#take(sent);
    if (arrival === 'after') for (const each of late) await this.#take(each).catch(() => undefined);
    return positions;
  }

  #take({ topic, records }: Sent) {
    return this.#numbered.take(topic, records);
  }
}
