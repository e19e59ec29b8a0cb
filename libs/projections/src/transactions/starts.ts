import { endBefore, undoEndsBy } from './ends.ts';
import type { Ledger } from './ledger.ts';
import type { Answer, Start } from './messages.ts';
import type { Transaction } from './transaction.ts';
import { awaiting, begun, heard, isAttempt, isOpen, kindOf, withId, withRow } from './transaction.ts';

export function followStart(ledger: Ledger, start: Start): void {
  const sent = ledger.remembered.findLast((one) => isSentAgain(one, start));
  if (sent) sendAgain(ledger, sent, start);
  else begin(ledger, start);
}

/** Word for word the start of one that is remembered (OCPP 1.6, 3.7.1). */
function isSentAgain(one: Transaction, { connector, idTag, stamped, meterStart }: Start): boolean {
  const { row } = one;
  return (
    row.start_record !== null &&
    row.connector === connector &&
    row.id_tag === idTag &&
    row.meter_start === meterStart &&
    row.start_station_time === stamped.text &&
    (TELLS_APART.has(stamped.clock) || isFresh(one))
  );
}

/** A clock that was never set says the same of every start: then only one that nothing came of is sent again. */
const TELLS_APART: ReadonlySet<string> = new Set(['plausible', 'no-zone']);
const isFresh = (one: Transaction) => isOpen(one) && one.row.first_meter_record === null;

function sendAgain(ledger: Ledger, sent: Transaction, start: Start): void {
  const row = { starts: sent.row.starts + 1, last_start_record: start.record };
  ledger.put(awaiting(withRow(heard(sent, start), row), start.record));
  ledger.tell(sent, start.record, 'retry');
}

function begin(ledger: Ledger, start: Start): void {
  const { record, stamped } = start;
  const one = begun('transaction', start, {
    connector: start.connector,
    id_tag: start.idTag,
    reservation_id: start.reservationId,
    starts: 1,
    started: stamped.at.time,
    started_by: stamped.at.by,
    start_received: start.time,
    start_station_time: stamped.text,
    meter_start: start.meterStart,
    start_record: record,
    last_start_record: record,
  });
  ledger.put(awaiting(one, record));
  ledger.tell(one, record, 'start');
  endBefore(ledger, one);
}

/** The answer to one of its CALLs, on whatever turn: an answer is paired by its CALL's record, never by an id. */
export function followAnswer(ledger: Ledger, answer: Answer): void {
  const asked = ledger.remembered.findLast(({ unanswered }) => unanswered.includes(answer.to));
  if (asked === undefined) return;
  const unanswered = asked.unanswered.filter((record) => record !== answer.to);
  ledger.tell(asked, answer.record, 'answer');
  if (answer.action === 'StopTransaction') followStopAnswer(ledger, { ...asked, unanswered }, answer);
  else followStartAnswer(ledger, { ...asked, unanswered }, answer);
}

/** A CALLERROR is the answer only until there is a real one. */
function followStopAnswer(ledger: Ledger, asked: Transaction, { record, error }: Answer): void {
  const answered = error ? (asked.row.stop_answer_record ?? record) : record;
  ledger.put(withRow(asked, { stop_answer_record: answered }));
}

function followStartAnswer(ledger: Ledger, asked: Transaction, answer: Answer): void {
  if (answer.error) {
    ledger.put(withRow(asked, { start_answer_record: asked.row.start_answer_record ?? answer.record }));
    return;
  }
  const known = withId(asked, answer.id.id);
  // One that was accepted once goes on under that answer: the refusal of a retry is often ConcurrentTx with itself.
  const isOver = known.row.id_tag_status === 'Accepted' && answer.status !== 'Accepted';
  const given = isOver ? known : withRow(known, givenBy(known, answer));
  const kind = kindOf(given);
  if (kind !== 'attempt') {
    const taken = ledger.put(withRow(given, { kind }));
    if (isAttempt(asked)) endBefore(ledger, taken);
    return;
  }
  const refused = ledger.put(withRow(ledger.takeBack(ledger.put(given)), { kind }));
  undoEndsBy(ledger, refused);
}

const givenBy = ({ row }: Transaction, { record, id, status }: Answer) => ({
  transaction_id: id.text ?? row.transaction_id,
  id_tag_status: status,
  start_answer_record: record,
});
