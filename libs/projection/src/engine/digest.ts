import type { Store } from '@chargeproof/tables';
import type { Projection } from '../projection.ts';
import { currentTable, factsTable, STREAM_COLUMNS } from './tables.ts';

/**
 * A text that is the same for the same current facts: keys and values, never positions or times of
 * knowledge. For comparing a rebuild with what was folded live.
 */
export function digestOfCurrent(store: Store, projection: Projection): Promise<string> {
  return digest(store, projection, `${currentTable(projection).name} FINAL`);
}

/** The same of the newest fact of each key in the history: it must say what is current. */
export function digestOfHistory(store: Store, projection: Projection): Promise<string> {
  const keys = currentTable(projection).orderBy.join(', ');
  const newest = `SELECT * FROM ${factsTable(projection).name}
    ORDER BY ${keys}, log_generation DESC, log_offset DESC LIMIT 1 BY ${keys}`;
  return digest(store, projection, `(${newest})`);
}

async function digest(store: Store, projection: Projection, from: string): Promise<string> {
  const said = [STREAM_COLUMNS[projection.of], projection.key, projection.values].flatMap((columns) =>
    Object.keys(columns),
  );
  const [row] = await store.select<{ keys: string; sum: string }>(
    `SELECT toString(count()) AS keys, hex(sum(sipHash64(toString(tuple(${said.join(', ')}))))) AS sum
     FROM ${from} WHERE retracted = 0`,
  );
  return `${row?.keys ?? '0'} ${row?.sum ?? ''}`;
}
