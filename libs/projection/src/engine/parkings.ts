import type { Row, Store } from '@chargeproof/tables';
import type { Position } from '@chargeproof/record';
import type { Parking, StreamKey, StreamState } from '../projection.ts';
import type { Subjects } from '../records/subjects.ts';
import { PARKED } from './tables.ts';

/** A projection that threw for a stream, and where. Its figures for that stream are incomplete since then. */
export type ParkedStream = Parking & {
  readonly stream: StreamKey;
  /** `<name>@<version>`. */
  readonly projection: string;
};

type Selected = {
  kind: StreamKey['kind'];
  stream: string;
  projection_name: string;
  changed: string;
  log_generation: number;
  log_partition: number;
  log_offset: string;
  record_id: string;
  error: string;
};

/** What is parked, in memory and as rows of `parked`. */
export class Parkings {
  readonly #parked = new Map<string, ParkedStream>();
  readonly #subjects: Subjects;
  #changes = 0;

  constructor(subjects: Subjects) {
    this.#subjects = subjects;
  }

  /** Reads what these projections were parked on before, in these partitions. */
  async load(store: Store, projections: readonly string[], partitions: readonly number[]): Promise<void> {
    const rows = await store.select<Selected>(
      `SELECT kind, stream, projection_name, changed, log_generation, log_partition, log_offset, record_id, error
       FROM ${PARKED.name} FINAL
       WHERE projection_name IN {projections:Array(String)} AND log_partition IN {partitions:Array(UInt16)}`,
      { projections, partitions },
    );
    const [newest] = await store.select<{ changed: string }>(
      `SELECT max(changed) AS changed FROM ${PARKED.name}`,
    );
    this.#changes = Number(newest?.changed ?? 0);
    for (const row of rows) {
      const parked: ParkedStream = {
        stream: { kind: row.kind, key: row.stream },
        projection: row.projection_name,
        since: {
          generation: row.log_generation,
          partition: row.log_partition,
          offset: Number(row.log_offset),
        },
        recordId: row.record_id,
        error: row.error,
      };
      this.#parked.set(nameOf(parked), parked);
    }
  }

  list(): readonly ParkedStream[] {
    return [...this.#parked.values()];
  }

  /** @returns the rows that say what is parked now and was not, and the reverse */
  follow(before: StreamState, after: StreamState, loggedAt: number): readonly Row[] {
    const { stream } = after;
    const rows: Row[] = [];
    for (const [projection, parking] of Object.entries(after.parked)) {
      const parked = { ...parking, stream, projection };
      if (isSame(this.#parked.get(nameOf(parked)), parking)) continue;
      this.#parked.set(nameOf(parked), parked);
      rows.push(this.#row(parked, loggedAt, 0));
    }
    for (const [projection, parking] of Object.entries(before.parked)) {
      if (projection in after.parked) continue;
      const cleared = { ...parking, stream, projection };
      this.#parked.delete(nameOf(cleared));
      rows.push(this.#row(cleared, loggedAt, 1));
    }
    return rows;
  }

  #row({ stream, projection, since, recordId, error }: ParkedStream, loggedAt: number, cleared: 0 | 1): Row {
    this.#changes++;
    return {
      tenant: this.#subjects.ofStream(stream).tenant,
      kind: stream.kind,
      stream: stream.key,
      projection_name: projection,
      changed: this.#changes,
      cleared,
      log_generation: since.generation,
      log_partition: since.partition,
      log_offset: since.offset,
      logged_at: loggedAt,
      record_id: recordId,
      error,
    };
  }
}

const nameOf = ({ stream, projection }: Pick<ParkedStream, 'stream' | 'projection'>) =>
  `${projection}\u0000${stream.kind}\u0000${stream.key}`;

const isSame = (known: ParkedStream | undefined, { since }: { readonly since: Position }) =>
  known?.since.offset === since.offset && known.since.generation === since.generation;
