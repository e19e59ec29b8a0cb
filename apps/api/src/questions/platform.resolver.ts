import { formatFrontier, type ParkedRow, parkedNow } from '@chargeproof/projections';
import { Inject } from '@nestjs/common';
import { Context, Query, Resolver } from '@nestjs/graphql';
import type { AskedContext } from '../asking/asked.ts';
import { LOG_LENGTH, type LogLength } from '../tokens.ts';

@Resolver()
export class PlatformResolver {
  readonly #log: LogLength | undefined;

  constructor(@Inject(LOG_LENGTH) log: LogLength | undefined) {
    this.#log = log;
  }

  @Query('platform')
  async platform(@Context() { asked }: AskedContext) {
    // The log's end is read first: what is folded meanwhile would else be ahead of it.
    const ends = await this.#log?.end('ocpp.frames');
    const decided = await this.#log?.end('platform.decisions');
    const frontier = await asked.at(undefined);
    const count = Math.max(
      frontier.next.length,
      ...[...(ends?.keys() ?? [])].map((partition) => partition + 1),
    );
    const partitions = Array.from({ length: count }, (_, partition) => ({
      partition,
      logEnd: ends && (ends.get(partition) ?? 0),
      folded: frontier.next[partition] ?? 0,
    }));
    const folded = new Map(partitions.map(({ partition, folded }) => [partition, folded]));
    const copied = frontier.decisions ?? 0;
    return {
      generation: frontier.generation,
      partitions,
      lag: () => this.#log?.recordsFrom('ocpp.frames', folded),
      decisions: {
        logEnd: decided?.get(0),
        copied,
        lag: () => this.#log?.recordsFrom('platform.decisions', new Map([[0, copied]])),
      },
      parked: async () => (await parkedNow(asked.store)).map(toParked),
      readAt: formatFrontier(frontier),
    };
  }
}

const toParked = (row: ParkedRow) => ({
  projection: row.projection_name,
  tenant: row.tenant,
  stream: row.stream,
  station: row.station,
  since: { partition: row.log_partition, offset: row.log_offset },
  recordId: row.record_id,
});
