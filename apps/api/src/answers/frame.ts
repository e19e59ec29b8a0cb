import { bytesOf, type FrameRow, type Frontier } from '@chargeproof/projections';
import type { RecordId, Subject } from '@chargeproof/record';
import type { Asked } from '../asking/asked.ts';
import { orNull, toEnum } from '../asking/enums.ts';

/** A frame as the schema has it. */
export function toFrame(asked: Asked, row: FrameRow, frontier: Frontier) {
  const { id, tenant, station } = row;
  return {
    id,
    tenant,
    station,
    time: Number(row.time_us),
    loggedAt: Number(row.logged_at_us),
    direction: row.direction === '' ? null : toEnum(row.direction),
    connection: orNull(row.connection),
    sequence: row.connection === '' ? null : row.sequence,
    protocol: orNull(row.protocol),
    kind: toEnum(row.kind),
    messageId: orNull(row.message_id),
    action: orNull(row.action),
    fault: orNull(row.fault),
    witness: toEnum(row.witness),
    claimedTime: orNull(row.claimed),
    directionInferred: row.inferred === 'direction',
    sameAs: () => (row.witness === 'import' ? asked.sameAs({ tenant, station, id, frontier }) : null),
    text: row.encoding === 'utf-8' ? row.value : null,
    bytes: () => bytesOf(row),
    position: { partition: row.log_partition, offset: row.log_offset },
  };
}

export type FrameAnswer = ReturnType<typeof toFrame>;

/** The frame of a record, once it is asked for; null where there is none. */
export function frameOf(asked: Asked, subject: Subject, frontier: Frontier, id: RecordId | null) {
  return async (): Promise<FrameAnswer | null> => {
    if (id === null) return null;
    const { tenant, station } = subject;
    const row = await asked.frame({ tenant, station, id, frontier });
    return row === undefined ? null : toFrame(asked, row, frontier);
  };
}
