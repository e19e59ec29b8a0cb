import type { Micros } from '@chargeproof/record';
import type { Store } from '@chargeproof/tables';
import type { Frontier } from './frontier.ts';

type Row = { readonly log_generation: number; readonly log_partition: number; readonly next: string };

/** How far everything is written now. */
export function frontierNow(store: Store): Promise<Frontier> {
  return newest(store, '', {});
}

/** How far everything that the log held at that moment had come: knowledge time (DESIGN 6). */
export function frontierThen(store: Store, moment: Micros): Promise<Frontier> {
  return newest(store, 'AND logged_at <= fromUnixTimestamp64Micro({moment:Int64})', { moment });
}

/** The newest position of each partition in the newest generation; 0 for one that has none. */
async function newest(
  store: Store,
  condition: string,
  parameters: Readonly<Record<string, number>>,
): Promise<Frontier> {
  const rows = await store.select<Row>(
    `SELECT log_generation, log_partition, max(log_offset) AS next FROM checkpoints
WHERE topic = 'ocpp.frames' AND kind = 'facts' ${condition}
GROUP BY log_generation, log_partition
ORDER BY log_generation, log_partition`,
    parameters,
  );
  const generation = rows.at(-1)?.log_generation ?? 0;
  const ofNewest = rows.filter((row) => row.log_generation === generation);
  const next = Array.from({ length: (ofNewest.at(-1)?.log_partition ?? 0) + 1 }, () => 0);
  for (const { log_partition, next: offset } of ofNewest) next[log_partition] = Number(offset);
  return { generation, next };
}
