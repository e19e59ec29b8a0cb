import { PARKED } from '@chargeproof/projection';
import { parseKey } from '@chargeproof/record';
import type { Store } from '@chargeproof/tables';
import { ANSWERING } from '../all.ts';

/** A projection that broke on a record of a stream, and is not folded again since. */
export type ParkedRow = {
  /** `<name>@<version>`. */
  readonly projection_name: string;
  readonly tenant: string;
  /** `<tenant>/<station>` as the log's key has it, or `<run>.<partition>`. */
  readonly stream: string;
  /** Null on what a run says of itself. */
  readonly station: string | null;
  readonly log_partition: number;
  readonly log_offset: string;
  readonly record_id: string;
};
type Selected = Omit<ParkedRow, 'station'> & { readonly kind: string };

/** What is parked now of what answers, by projection and stream. */
export async function parkedNow(store: Store): Promise<readonly ParkedRow[]> {
  const rows = await store.select<Selected>(
    `SELECT projection_name, tenant, kind, stream, log_partition, log_offset, record_id
FROM ${PARKED.name} FINAL WHERE projection_name IN {answering:Array(String)} ORDER BY projection_name, stream`,
    { answering: ANSWERING },
  );
  return rows.map(({ kind, ...row }) => ({
    ...row,
    station: kind === 'station' ? (parseKey(row.stream)?.station ?? null) : null,
  }));
}
