import type { Store } from '@chargeproof/tables';
import { ANSWERING } from '../all.ts';

type Row = { readonly partition: string; readonly projection: string; readonly next: string };

/**
 * Read models that are not folded as far as the records of some partition are, because a later release brought
 * them: they are caught up by its projector. Until then every answer stands where the furthest behind of them does.
 * @returns `<name>@<version>`, in order
 */
export async function readModelsBehind(store: Store, answering = ANSWERING): Promise<readonly string[]> {
  const rows = await store.select<Row>(
    `SELECT partition, projection, max(reached) AS next
FROM (SELECT concat(toString(log_generation), '.', toString(log_partition)) AS partition, consumer, max(log_offset) AS reached
  FROM checkpoints WHERE topic = 'ocpp.frames' AND kind = 'facts' GROUP BY partition, consumer)
ARRAY JOIN splitByChar(' ', toString(consumer)) AS projection
GROUP BY partition, projection`,
  );
  const behind = new Set<string>();
  for (const own of Map.groupBy(rows, ({ partition }) => partition).values()) {
    const furthest = Math.max(...own.map(({ next }) => Number(next)));
    const there = new Set(own.filter(({ next }) => Number(next) === furthest).map((row) => row.projection));
    for (const name of answering) if (!there.has(name)) behind.add(name);
  }
  return [...behind].sort();
}
