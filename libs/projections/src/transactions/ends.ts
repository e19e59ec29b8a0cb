import type { Ledger } from './ledger.ts';
import type { Boot, Status } from './messages.ts';
import type { Moment, Transaction } from './transaction.ts';
import {
  endedAt,
  hadBegun,
  heard,
  isConnector,
  isInferred,
  isOpen,
  isOrphan,
  precedes,
} from './transaction.ts';

/** Statuses in which a transaction of the connector goes on (OCPP 1.6, 4.9). */
const GOES_ON: ReadonlySet<string | null> = new Set(['Charging', 'SuspendedEV', 'SuspendedEVSE']);

/** A status of its connector, told later than it began. Available means that it is over, stop or no stop. */
export function followStatus(ledger: Ledger, status: Status): void {
  if (!isConnector(status.connector)) return;
  const there = openOn(ledger, status.connector).filter((one) => hadBegun(one, status.stamped.at, 0));
  if (status.status === 'Available') {
    for (const one of there) inferFree(ledger, one, status);
    return;
  }
  const one = there.findLast((each) => !isOrphan(each)) ?? there.at(-1);
  if (one === undefined) return;
  const booted = GOES_ON.has(status.status) ? null : one.booted;
  ledger.put({ ...heard(one, status), booted });
  ledger.tell(one, status.record, 'status');
}

function inferFree(ledger: Ledger, one: Transaction, { record, stamped, time }: Status): void {
  if (one.booted) inferBoot(ledger, one, record);
  else ledger.infer(one, 'status', endedAt(one, stamped.at, time), [record]);
}

/** It lost power, and did not go on after it (S12): the boot is the latest it can have ended, what was last heard the earliest. */
function inferBoot(ledger: Ledger, one: Transaction, shownBy: string): void {
  const { record, time } = one.booted ?? { record: shownBy, time: one.row.last_heard };
  ledger.infer(one, 'boot', { time, by: 'received' }, [record, shownBy]);
}

/** By itself a boot ends nothing: a station may take its transactions up again. */
export function followBoot(ledger: Ledger, { record, time }: Boot): void {
  for (const one of ledger.open) if (!one.booted) ledger.put({ ...one, booted: { record, time } });
}

/** A connector has one transaction at a time: where another began there, those before it are over. */
export function endBefore(ledger: Ledger, begun: Transaction): void {
  if (!isConnector(begun.row.connector)) return;
  for (const one of openOn(ledger, begun.row.connector)) endByNext(ledger, one);
}

/** If another began there since. */
export function endByNext(ledger: Ledger, one: Transaction): void {
  const next = nextOn(ledger, one);
  if (next?.row.start_record == null) return;
  const { started, started_by, start_record, start_received, first_heard } = next.row;
  const at: Moment = {
    time: started ?? first_heard,
    by: started_by === 'station' ? 'station' : 'received',
  };
  if (one.booted && one.booted.time <= at.time) inferBoot(ledger, one, start_record);
  else ledger.infer(one, 'next-start', endedAt(one, at, start_received ?? first_heard), [start_record]);
}

/** The transaction that began next on the same connector. */
function nextOn(ledger: Ledger, one: Transaction): Transaction | undefined {
  if (!isConnector(one.row.connector)) return undefined;
  return ledger.remembered
    .filter(({ row }) => row.kind === 'transaction' && row.connector === one.row.connector)
    .filter((other) => other.key !== one.key && precedes(one, other))
    .reduce<Transaction | undefined>((a, b) => (a === undefined || precedes(b, a) ? b : a), undefined);
}

/** A start that was refused ended nothing. */
export function undoEndsBy(ledger: Ledger, refused: Transaction): void {
  const starts = new Set([refused.row.start_record, refused.row.last_start_record]);
  for (const one of ledger.remembered) {
    if (!isInferred(one) || !one.inferredFrom.some((record) => starts.has(record))) continue;
    endByNext(ledger, ledger.takeBack(one));
  }
}

function openOn(ledger: Ledger, connector: number): readonly Transaction[] {
  return ledger.open.filter((one) => isOpen(one) && one.row.connector === connector);
}
