import { endBefore, endByNext } from './ends.ts';
import { identify } from './identify.ts';
import type { Ledger } from './ledger.ts';
import type { Meter } from './messages.ts';
import { flows, sampledLast, tellsEnergy } from './samples.ts';
import type { Moment, Transaction } from './transaction.ts';
import * as tx from './transaction.ts';

/**
 * @returns key of the transaction that it belongs to; null where it belongs to none. Connector 0 is the
 *   station's own meter and never a session's (OCPP 1.6, 3.16.2), whatever id it names.
 */
export function followMeter(ledger: Ledger, meter: Meter): string | null {
  if (meter.connector !== null && !tx.isConnector(meter.connector)) return null;
  const at = sampledLast(meter.samples, meter.time);
  const known = meter.id.id === null ? onlyOneThere(ledger, meter, at) : namedBy(ledger, meter, at);
  if (known === undefined) return null;
  return join(ledger, known, meter, at);
}

function join(ledger: Ledger, known: Transaction, meter: Meter, at: Moment): string {
  const isOver = !wentOn(known, at);
  const one = isOver ? known : ledger.takeBack(known);
  const flowed = one.flowed || (tx.isAttempt(one) && flows(meter.samples, one.row.meter_start));
  const heard = { ...tx.heard(tx.withId(one, meter.id.id), meter), flowed, booted: null };
  const told = ledger.put(
    tx.withRow(heard, {
      kind: tx.kindOf(heard),
      transaction_id: one.row.transaction_id ?? meter.id.text,
      first_meter_record: one.row.first_meter_record ?? meter.record,
    }),
  );
  ledger.tell(told, meter.record, 'meter');
  if (tx.isAttempt(known) && !tx.isAttempt(told)) endBefore(ledger, told);
  if (!isOver) endByNext(ledger, told);
  return told.key;
}

/** Without an id it belongs to the one transaction that goes on there, and only if it tells of energy. */
function onlyOneThere(ledger: Ledger, { connector, samples }: Meter, at: Moment): Transaction | undefined {
  if (connector === null || !tellsEnergy(samples)) return undefined;
  const there = ledger.open.filter((one) => one.row.connector === connector && !tx.isOrphan(one));
  const [one] = there;
  return one && there.length === 1 && tx.hadBegun(one, at) ? one : undefined;
}

/** With an id that names none it is the first that was seen of one: an orphan. */
function namedBy(ledger: Ledger, meter: Meter, at: Moment): Transaction {
  const { connector } = meter;
  const known = identify(ledger.remembered, { id: meter.id.id, connector, at });
  return known ?? ledger.put(tx.begun('orphan', meter, { connector }));
}

/** Sampled after an end that was only read off a boot or a status: that was none. */
function wentOn({ row }: Transaction, { time }: Moment): boolean {
  return (row.stop_method === 'boot' || row.stop_method === 'status') && time > (row.stopped ?? 0);
}
