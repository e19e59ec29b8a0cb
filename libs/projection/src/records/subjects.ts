import type { LoggedRecord, Subject } from '@chargeproof/record';
import { DEFAULT_TENANT, parseKey, recordKey } from '@chargeproof/record';
import { isRunRecord } from '../fold/items.ts';
import type { StreamKey } from '../projection.ts';

/** The stream a record is folded in: its station's, or that of its run in its partition. */
export function streamOf(record: LoggedRecord): StreamKey {
  return isRunRecord(record)
    ? { kind: 'run', key: runKey(record.attributes.source, record.position.partition) }
    : { kind: 'station', key: record.key };
}

export const runKey = (run: string, partition: number) => `${run}.${partition}`;

const KEPT = 50_000;

/**
 * Where records stand in the table: tenant and station. Keys repeat with every frame, so that what they
 * decode to is kept, up to a bound.
 */
export class Subjects {
  readonly #known = new Map<string, Subject>();

  of(record: LoggedRecord): Subject {
    return isRunRecord(record)
      ? { tenant: '', station: runKey(record.attributes.source, record.position.partition) }
      : this.#ofKey(record.key);
  }

  ofStream(stream: StreamKey): Subject {
    return stream.kind === 'run' ? { tenant: '', station: stream.key } : this.#ofKey(stream.key);
  }

  #ofKey(key: string): Subject {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const subject = decode(key);
    if (this.#known.size >= KEPT) this.#known.clear();
    this.#known.set(key, subject);
    return subject;
  }
}

/**
 * A key that is not the one form its subject has would not come back from the columns: it gets no station,
 * and the row keeps the key itself.
 */
function decode(key: string): Subject {
  const subject = parseKey(key);
  if (subject !== undefined && subject.tenant !== '' && recordKey(subject) === key) return subject;
  const slash = key.indexOf('/');
  return { tenant: slash > 0 ? key.slice(0, slash) : DEFAULT_TENANT, station: '' };
}
