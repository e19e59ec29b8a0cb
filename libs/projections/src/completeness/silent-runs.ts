import { type Micros, openedAt, type RecordId, type RunId } from '@chargeproof/record';
import type { Store } from '@chargeproof/tables';
import { clip, type Span, subtract } from '@chargeproof/uptime';
import { coverage } from '../coverage/coverage.ts';
import { factsAt, type ReadAt } from '../read-at/facts-at.ts';
import type { RecordGap } from './contract.ts';

/** A stretch in which a run watched a partition, in the order of their beginnings. */
export type Stretch = {
  readonly partition: number;
  readonly run: RunId;
  readonly from: Micros;
  readonly to: Micros;
  readonly beganBy: string;
  readonly state: string;
  /** When the last of it became known. */
  readonly told: Micros;
  readonly first: RecordId;
  readonly last: RecordId;
};

type Row = {
  readonly partition: number;
  readonly run: RunId;
  readonly from_us: string;
  readonly to_us: string;
  readonly told_us: string;
  readonly began_by: string;
  readonly state: string;
  readonly first_record: RecordId;
  readonly last_record: RecordId;
};

/** Everything that runs watched of the partitions, ever: a run that is silent now may have spoken long ago. */
export async function stretchesOf(
  store: Store,
  at: Pick<ReadAt, 'tenant' | 'frontier'>,
  partitions: readonly number[],
): Promise<readonly Stretch[]> {
  const facts = factsAt(coverage, { tenant: at.tenant, frontier: at.frontier });
  const rows = await store.select<Row>(
    `SELECT partition, run, toUnixTimestamp64Micro(began) AS from_us, toUnixTimestamp64Micro(until) AS to_us,
  toUnixTimestamp64Micro(fact_time) AS told_us, began_by, state, first_record, last_record
FROM ${facts.sql} WHERE partition IN {partitions:Array(UInt16)} ORDER BY partition, run, began`,
    { ...facts.parameters, partitions },
  );
  return rows.map((row) => ({
    partition: row.partition,
    run: row.run,
    from: Number(row.from_us),
    to: Number(row.to_us),
    beganBy: row.began_by,
    state: row.state,
    told: Number(row.told_us),
    first: row.first_record,
    last: row.last_record,
  }));
}

/**
 * A gateway that others have gone on without for half a day is taken for gone for good, folder and all; else one that
 * nobody starts again would leave every later record in doubt. Microseconds.
 */
const GONE_AFTER = 12 * 3600 * 1_000_000;

/**
 * When a run that had begun, and whose end nobody had told, was not heard of: it may have recorded what is not here,
 * in its spool or in what was lost of the log, though others watched.
 * @param stretches of one partition
 */
export function silencesOfRuns(stretches: readonly Stretch[], window: Span): readonly RecordGap[] {
  return [...Map.groupBy(stretches, ({ run }) => run)].flatMap(([run, own]) =>
    clip(subtract([lifeOf(run, own, window)], own), window).map((hole) => ({
      kind: 'silent-gateway',
      ...hole,
      missing: null,
      reason: `gateway run ${run} was not heard of`,
      records: around(hole, own),
    })),
  );
}

/** Its name tells when it began, where its first record is not here. */
function lifeOf(run: RunId, own: readonly Stretch[], { to }: Span): Span {
  const [first] = own;
  const last = own.at(-1);
  if (first === undefined || last === undefined) return { from: to, to };
  const began = openedAt(`${run}-0`);
  const isOver = last.state === 'stopped' || last.state === 'ended';
  return {
    from: first.beganBy === 'start' || Number.isNaN(began) ? first.from : Math.min(began, first.from),
    to: isOver ? Math.max(last.told, last.to) : last.to + GONE_AFTER,
  };
}

function around(hole: Span, own: readonly Stretch[]): readonly RecordId[] {
  const before = own.filter(({ to }) => to <= hole.from).at(-1)?.last;
  const after = own.find(({ from }) => from >= hole.to)?.first;
  return [before, after].filter((id) => id !== undefined);
}
