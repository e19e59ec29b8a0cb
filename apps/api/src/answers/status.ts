import type { Frontier, StatusRow } from '@chargeproof/projections';
import type { Asked } from '../asking/asked.ts';
import { connectorOrNull, microsOrNull } from './columns.ts';
import { evidenceOfIds } from './evidence.ts';

export function toStatusInterval(asked: Asked, row: StatusRow, frontier: Frontier) {
  return {
    tenant: row.tenant,
    station: row.station,
    connector: connectorOrNull(row.connector),
    status: row.status,
    errorCode: row.error_code,
    info: row.info,
    vendorId: row.vendor_id,
    vendorErrorCode: row.vendor_error_code,
    since: Number(row.since_us),
    until: microsOrNull(row.until_us),
    stationTime: row.station_time,
    evidence: evidenceOfIds(asked, row, frontier, [row.record, row.next_record]),
  };
}
