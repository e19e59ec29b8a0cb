import type { RecordId, SealedClass } from '@chargeproof/record';
import type { Store } from '@chargeproof/tables';
import { factsAt, type ReadAt } from '../read-at/index.ts';
import { subjects } from './subjects.ts';

/** A sealed value that a station showed. */
export type SubjectRow = {
  readonly tenant: string;
  readonly station: string;
  readonly stand_in: string;
  readonly class: SealedClass;
  readonly key_id: string;
  readonly nonce: string;
  readonly ciphertext: string;
  readonly record: RecordId;
};

/** What these stand-ins stand for, sealed, as it was known at the frontier: by station and stand-in, the newest first. */
export async function subjectsAt(
  store: Store,
  standIns: readonly string[],
  at: ReadAt,
): Promise<readonly SubjectRow[]> {
  if (standIns.length === 0) return [];
  const { sql, parameters } = factsAt(subjects, at);
  return store.select<SubjectRow>(
    `SELECT tenant, station, stand_in, class, key_id, nonce, ciphertext, record FROM ${sql}
WHERE stand_in IN {standIns:Array(String)} ORDER BY station, stand_in, fact_time DESC, key_id, nonce`,
    { ...parameters, standIns },
  );
}
