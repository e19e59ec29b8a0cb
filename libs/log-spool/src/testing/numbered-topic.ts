import {
  type AppendRequest,
  type MemoryLog,
  numberAfter,
  type Numbering,
  NumbersRefused,
  partitionFor,
  type Topic,
} from '@chargeproof/log';
import type { Position } from '@chargeproof/record';

export type Numbered = { readonly producer: string; readonly number: number; readonly record: AppendRequest };

/** Takes a record under its number once, as brokers do: none that is there already, and none that leaves one out. */
export class NumberedTopic {
  readonly #log: MemoryLog;
  /** producer and partition → where its records stand, by number. */
  readonly #taken = new Map<string, Position[]>();

  constructor(log: MemoryLog) {
    this.#log = log;
  }

  async take(topic: Topic, records: readonly Numbered[]): Promise<readonly Position[]> {
    const missing = records.filter((each) => this.#of(each)[each.number] === undefined);
    for (const each of missing) this.#reserve(each);
    const positions = await this.#log.append(
      topic,
      missing.map(({ record }) => record),
    );
    for (const [index, each] of missing.entries()) {
      const position = positions[index];
      if (position !== undefined) this.#of(each)[each.number] = position;
    }
    return records.flatMap((each) => this.#of(each)[each.number] ?? []);
  }

  #reserve(each: Numbered): void {
    const taken = this.#of(each);
    if (each.number !== taken.length) throw new NumbersRefused(`${each.number} is not ${taken.length}`);
    taken.push({ generation: 0, partition: 0, offset: 0 });
  }

  #of({ producer, record }: Numbered): Position[] {
    const place = `${producer} ${partitionFor('ocpp.frames', record)}`;
    const taken = this.#taken.get(place) ?? [];
    this.#taken.set(place, taken);
    return taken;
  }
}

/** Gives numbers in the order in which it is asked. */
export class Numbers {
  #numbering: Numbering;

  constructor(producer: string) {
    this.#numbering = { producer, epoch: 0, next: new Map() };
  }

  get now(): Numbering {
    return this.#numbering;
  }

  resume(numbering: Numbering): void {
    this.#numbering = numbering;
  }

  give(records: readonly AppendRequest[]): readonly Numbered[] {
    const { producer } = this.#numbering;
    const next = new Map(this.#numbering.next);
    const given = records.map((record) => {
      const partition = partitionFor('ocpp.frames', record);
      const number = next.get(partition) ?? 0;
      next.set(partition, numberAfter(number));
      return { producer, number, record };
    });
    this.#numbering = { ...this.#numbering, next };
    return given;
  }
}
