import { formatFrontier, type ParkedRow, parkedNow } from '@chargeproof/projections';
import { Inject } from '@nestjs/common';
import { Context, Query, Resolver } from '@nestjs/graphql';
import type { AskedContext } from '../asking/asked.ts';
import { LOG_END, type LogEnd } from '../tokens.ts';

@Resolver()
export class PlatformResolver {
  readonly #logEnd: LogEnd | undefined;

  constructor(@Inject(LOG_END) logEnd: LogEnd | undefined) {
    this.#logEnd = logEnd;
  }

  @Query('platform')
  async platform(@Context() { asked }: AskedContext) {
    // The log's end is read first: what is folded meanwhile would else be ahead of it.
    const ends = await this.#logEnd?.();
    const frontier = await asked.at(undefined);
    const count = Math.max(
      frontier.next.length,
      ...[...(ends?.keys() ?? [])].map((partition) => partition + 1),
    );
    const partitions = Array.from({ length: count }, (_, partition) => {
      const folded = frontier.next[partition] ?? 0;
      const logEnd = ends && (ends.get(partition) ?? 0);
      return { partition, logEnd, folded, lag: logEnd === undefined ? null : Math.max(0, logEnd - folded) };
    });
    return {
      generation: frontier.generation,
      partitions,
      lag: ends && partitions.reduce((sum, { lag }) => sum + (lag ?? 0), 0),
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
