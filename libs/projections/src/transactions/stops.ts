import { endBefore } from './ends.ts';
import { identify } from './identify.ts';
import type { Ledger } from './ledger.ts';
import type { Stop } from './messages.ts';
import { flows, movedFrom } from './samples.ts';
import type { Transaction } from './transaction.ts';
import {
  awaiting,
  begun,
  endedAt,
  heard,
  hasId,
  isAttempt,
  isOpen,
  kindOf,
  withId,
  withRow,
} from './transaction.ts';

/** @returns key of the transaction that it stops */
export function followStop(ledger: Ledger, stop: Stop): string {
  const known = stoppedBy(ledger, stop) ?? ledger.put(begun('orphan', stop));
  const one = known.row.stop_record === null ? end(ledger.takeBack(known), stop) : known;
  const told = awaiting(heard(withId(one, stop.id.id), stop), stop.record);
  const kind = kindOf(told);
  const stopped = ledger.put(
    withRow(told, { kind, transaction_id: told.row.transaction_id ?? stop.id.text }),
  );
  ledger.tell(stopped, stop.record, 'stop');
  if (isAttempt(known) && kind === 'transaction') endBefore(ledger, stopped);
  return stopped.key;
}

function stoppedBy(ledger: Ledger, stop: Stop): Transaction | undefined {
  const { remembered } = ledger;
  const again = remembered.findLast((one) => isSentAgain(one, stop));
  if (again && stop.stamped.clock === 'plausible') return again;
  const fit = (one: Transaction) => fitOf(one, stop);
  const named = identify(remembered, { id: stop.id.id, connector: null, at: stop.stamped.at, fit });
  // Without a clock the stop of a later transaction may read the same, so one that goes on comes first.
  return named && isOpen(named) ? named : (again ?? named);
}

/** Word for word the stop that was seen: it was sent again (OCPP 1.6, 3.7.1). */
function isSentAgain(one: Transaction, { id, stamped, meterStop, idTag }: Stop): boolean {
  const { row } = one;
  return (
    row.stop_record !== null &&
    (id.id === null || hasId(one, id.id)) &&
    row.stop_station_time === stamped.text &&
    row.meter_stop === meterStop &&
    row.stop_id_tag === idTag
  );
}

/**
 * How well a stop fits one of several transactions with its id: by its tag, by a register that stands above the
 * start's, and by how little. Numbers are only compared here; what they amount to is for the energy function.
 */
function fitOf({ row }: Transaction, { idTag, meterStop }: Stop): number {
  const tag = idTag !== null && idTag === row.id_tag ? 2 : 0;
  const delivered = Number(meterStop ?? Number.NaN) - Number(row.meter_start ?? Number.NaN);
  return tag + (delivered >= 0 ? 1 + 1 / (1 + delivered) : 0);
}

/** The first stop seen holds; a later, different one is kept as a frame of it. */
function end(one: Transaction, stop: Stop): Transaction {
  const at = endedAt(one, stop.stamped.at, stop.time);
  const moved =
    movedFrom(one.row.meter_start, Number(stop.meterStop ?? 0)) || flows(stop.samples, one.row.meter_start);
  return {
    ...withRow(one, {
      stopped: at.time,
      stopped_by: at.by,
      stop_received: stop.time,
      stop_station_time: stop.stamped.text,
      meter_stop: stop.meterStop,
      stop_reason: stop.reason,
      stop_id_tag: stop.idTag,
      stop_method: 'StopTransaction',
      stop_record: stop.record,
    }),
    flowed: one.flowed || moved,
  };
}
