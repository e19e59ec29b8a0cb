import type { Offsets, Topic } from '@chargeproof/log';
import type { Micros } from '@chargeproof/record';
import type { Row, Store } from '@chargeproof/tables';
import { CHECKPOINTS } from './tables.ts';

export type CheckpointKind = 'facts' | 'states';
/** How far a partition has come: the first offset that is not yet done, and when the last that is was logged. */
export type Reached = { readonly offset: number; readonly loggedAt: Micros };

export class Checkpoints {
  readonly #store: Store;
  readonly #place: { readonly topic: Topic; readonly consumer: string; readonly generation: number };

  constructor(store: Store, place: { topic: Topic; consumer: string; generation: number }) {
    this.#store = store;
    this.#place = place;
  }

  async write(kind: CheckpointKind, reached: ReadonlyMap<number, Reached>): Promise<void> {
    const { topic, consumer, generation } = this.#place;
    const rows: Row[] = [];
    for (const [partition, { offset, loggedAt }] of reached) {
      rows.push({
        topic,
        kind,
        consumer,
        log_generation: generation,
        log_partition: partition,
        log_offset: offset,
        logged_at: loggedAt,
      });
    }
    if (rows.length > 0) await this.#store.insert(CHECKPOINTS, rows);
  }

  /** Of this consumer: partition → the first offset not done. */
  read(kind: CheckpointKind): Promise<Offsets> {
    return this.#newest('kind = {kind:String} AND consumer = {consumer:String}', {
      kind,
      consumer: this.#place.consumer,
    });
  }

  /** How far the facts of one projection, `<name>@<version>`, were written by whatever set it was folded in. */
  readProjection(projection: string): Promise<Offsets> {
    return this.#newest("kind = 'facts' AND has(splitByChar(' ', toString(consumer)), {projection:String})", {
      projection,
    });
  }

  /** How far any consumer has written `records`. */
  readRecords(): Promise<Offsets> {
    return this.#newest("kind = 'facts'", {});
  }

  async #newest(condition: string, parameters: Record<string, string>): Promise<Offsets> {
    const { topic, generation } = this.#place;
    const rows = await this.#store.select<{ log_partition: number; reached: string }>(
      `SELECT log_partition, max(log_offset) AS reached FROM ${CHECKPOINTS.name}
       WHERE topic = {topic:String} AND log_generation = {generation:UInt16} AND ${condition}
       GROUP BY log_partition`,
      { topic, generation, ...parameters },
    );
    return new Map(rows.map(({ log_partition, reached }) => [log_partition, Number(reached)]));
  }
}
