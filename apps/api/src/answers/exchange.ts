import type { ExchangeRow, Frontier } from '@chargeproof/projections';
import type { Asked } from '../asking/asked.ts';
import { toEnum } from '../asking/enums.ts';
import { microsOrNull } from './columns.ts';
import { evidenceOfIds } from './evidence.ts';
import { frameOf } from './frame.ts';

/** An exchange as the schema has it. */
export function toExchange(asked: Asked, row: ExchangeRow, frontier: Frontier) {
  return {
    id: row.exchange,
    tenant: row.tenant,
    station: row.station,
    connection: row.connection,
    direction: toEnum(row.direction),
    messageId: row.message_id,
    action: row.action,
    outcome: toEnum(row.outcome),
    errorCode: row.error_code,
    calledAt: microsOrNull(row.called_us),
    answeredAt: microsOrNull(row.answered_us),
    latencyMicros: row.latency,
    call: frameOf(asked, row, frontier, row.call_record),
    answer: frameOf(asked, row, frontier, row.answer_record),
    evidence: evidenceOfIds(asked, row, frontier, [row.call_record, row.answer_record]),
  };
}
