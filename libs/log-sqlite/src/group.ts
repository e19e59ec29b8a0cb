import type { Micros, Position } from '@chargeproof/record';
import type { Topic } from '@chargeproof/log';
import type { Prepared } from './packed-record.ts';
import { BlockPacker } from './packed-record.ts';
import type { PackedBlock } from './writer-messages.ts';

/** A call of `append` that waits for its group. */
type Call = {
  readonly topic: Topic;
  /** How many records of the topic stand before it in the group. */
  readonly start: number;
  readonly partitions: readonly number[];
  readonly resolve: (positions: readonly Position[]) => void;
  readonly reject: (error: Error) => void;
};
type TopicBlocks = { readonly full: BlockPacker[]; open: BlockPacker; count: number };

/** What is committed at once: whole calls, packed as they come. */
export class Group {
  readonly loggedAt: Micros;
  records = 0;
  bytes = 0;
  readonly #calls: Call[] = [];
  readonly #topics = new Map<Topic, TopicBlocks>();

  /** @param loggedAt of every record in it that has none of its own */
  constructor(loggedAt: Micros) {
    this.loggedAt = loggedAt;
  }

  /** @param stamp the `loggedAt` of each record as it is packed */
  add(
    topic: Topic,
    records: readonly Prepared[],
    stamp: (record: Prepared) => Micros,
    { resolve, reject }: Pick<Call, 'resolve' | 'reject'>,
  ): void {
    const blocks = this.#blocksOf(topic);
    this.#calls.push({
      topic,
      start: blocks.count,
      partitions: records.map(({ partition }) => partition),
      resolve,
      reject,
    });
    for (const record of records) {
      if (blocks.open.isFull) {
        blocks.full.push(blocks.open);
        blocks.open = new BlockPacker();
      }
      const loggedAt = stamp(record);
      blocks.open.add(record, loggedAt === this.loggedAt ? undefined : loggedAt);
      this.bytes += record.value.byteLength + record.attributes.length;
    }
    blocks.count += records.length;
    this.records += records.length;
  }

  /** The packed blocks, their offsets counted from each topic's next one. */
  blocks(nextOffset: (topic: Topic) => number): readonly PackedBlock[] {
    return [...this.#topics].flatMap(([topic, { full, open }]) => {
      let first = nextOffset(topic);
      return [...full, open].map((packer) => {
        const { count, partitions, packed } = packer;
        const block = { topic, first, count, partitions, loggedAt: this.loggedAt, ...packed };
        first += count;
        return block;
      });
    });
  }

  counts(): readonly (readonly [Topic, number])[] {
    return [...this.#topics].map(([topic, { count }]) => [topic, count] as const);
  }

  /** @param nextOffset as it was when the blocks were made */
  resolve(generation: number, nextOffset: (topic: Topic) => number): void {
    for (const { topic, start, partitions, resolve } of this.#calls) {
      const first = nextOffset(topic) + start;
      resolve(partitions.map((partition, index) => ({ generation, partition, offset: first + index })));
    }
  }

  reject(error: Error): void {
    for (const call of this.#calls) call.reject(error);
  }

  #blocksOf(topic: Topic): TopicBlocks {
    let blocks = this.#topics.get(topic);
    if (!blocks) {
      blocks = { full: [], open: new BlockPacker(), count: 0 };
      this.#topics.set(topic, blocks);
    }
    return blocks;
  }
}
