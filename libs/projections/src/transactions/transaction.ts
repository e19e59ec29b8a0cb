import type { Integer } from '@chargeproof/ocpp';
import type { Micros } from '@chargeproof/record';

export type Kind = 'transaction' | 'attempt' | 'orphan';
export type TimeSource = 'station' | 'received' | '';
export type StopMethod = 'StopTransaction' | 'next-start' | 'boot' | 'status' | '';

/** One row of `transactions`, by its columns: what each means stands in `columns.ts`. */
export type TransactionRow = {
  readonly kind: Kind;
  readonly connector: Integer | null;
  readonly transaction_id: string | null;
  readonly id_tag: string | null;
  readonly id_tag_status: string | null;
  readonly reservation_id: string | null;
  readonly starts: number;
  readonly started: Micros | null;
  readonly stopped: Micros | null;
  readonly started_by: TimeSource;
  readonly stopped_by: TimeSource;
  readonly start_received: Micros | null;
  readonly stop_received: Micros | null;
  readonly start_station_time: string | null;
  readonly stop_station_time: string | null;
  readonly meter_start: string | null;
  readonly meter_stop: string | null;
  readonly stop_reason: string | null;
  readonly stop_id_tag: string | null;
  readonly stop_method: StopMethod;
  readonly start_record: string | null;
  readonly last_start_record: string | null;
  readonly start_answer_record: string | null;
  readonly first_meter_record: string | null;
  readonly stop_record: string | null;
  readonly stop_answer_record: string | null;
  readonly inferred_from_record: string | null;
  readonly first_heard: Micros;
  readonly last_record: string;
  readonly last_heard: Micros;
};

/** A transaction, attempt or orphan as pairing remembers it. Plain JSON, immutable. */
export type Transaction = {
  readonly key: string;
  readonly row: TransactionRow;
  /** Every id that it was given or that the station used for it, as `idOf` reads them, newest last. */
  readonly ids: readonly string[];
  /** Records of its StartTransaction and StopTransaction CALLs that are not answered, newest last. */
  readonly unanswered: readonly string[];
  /** Energy was seen to flow: then a refusal of its start did not stop it (OCPP 1.6 errata 3.17). */
  readonly flowed: boolean;
  /** The station booted since it was last heard of: it may be over, or go on. */
  readonly booted: Cited | null;
  /** Of an inferred end: all frames that it was read off. */
  readonly inferredFrom: readonly string[];
};
export type Cited = { readonly record: string; readonly time: Micros };

/** What pairing remembers of a station: transactions that go on and those that ended or were refused, oldest first. */
export type Pairing = { readonly open: readonly Transaction[]; readonly ended: readonly Transaction[] };
export const NOTHING_PAIRED: Pairing = { open: [], ended: [] };

/**
 * How many are remembered. A station has a handful of connectors; more than this is one that gives every
 * frame a connector or an id of its own. What is forgotten stays as it was said: its late frames are orphans.
 */
export const MOST_OPEN = 32;
export const MOST_ENDED = 32;
/** Of the ended: a station may try for days, and must not push out those whose stop is still to come. */
export const MOST_ATTEMPTS = 8;
export const MOST_IDS = 4;
export const MOST_UNANSWERED = 8;

/** What two clocks, or a time cut to its second, may differ by. */
export const SLACK: Micros = 2_000_000;

export const isOpen = ({ row }: Transaction) => row.kind !== 'attempt' && row.stop_method === '';
export const isAttempt = ({ row }: Transaction) => row.kind === 'attempt';
export const isOrphan = ({ row }: Transaction) => row.kind === 'orphan';
/** Its stop was not seen; that it ended was read off other frames. */
export const isInferred = ({ row }: Transaction) => row.inferred_from_record !== null;
export const hasId = ({ ids }: Transaction, id: string | null) => id !== null && ids.includes(id);

/** A connector that is one: 0 is the station as a whole (OCPP 1.6, 2.2). */
export const isConnector = (connector: Integer | null): connector is number =>
  typeof connector === 'number' && connector > 0;

/** Whether it had begun at a moment of the station's clock, as far as its begin is known by the same clock. */
export function hadBegun({ row }: Transaction, { time, by }: Moment, slack: Micros = SLACK): boolean {
  if (row.started === null || row.started_by !== 'station' || by !== 'station') return true;
  return row.started <= time + slack;
}

/**
 * When it ended. A time before its begin is not usable, by whatever clocks the two were told: it ended when
 * we heard of it.
 */
export function endedAt({ row: { started } }: Transaction, at: Moment, received: Micros): Moment {
  if (started === null || at.time + SLACK >= started) return at;
  return { time: Math.max(received, started), by: 'received' };
}

/** A time, and by whose clock. */
export type Moment = { readonly time: Micros; readonly by: 'station' | 'received' };

const NO_ROW: Omit<TransactionRow, 'kind' | 'first_heard' | 'last_record' | 'last_heard'> = {
  connector: null,
  transaction_id: null,
  id_tag: null,
  id_tag_status: null,
  reservation_id: null,
  starts: 0,
  started: null,
  stopped: null,
  started_by: '',
  stopped_by: '',
  start_received: null,
  stop_received: null,
  start_station_time: null,
  stop_station_time: null,
  meter_start: null,
  meter_stop: null,
  stop_reason: null,
  stop_id_tag: null,
  stop_method: '',
  start_record: null,
  last_start_record: null,
  start_answer_record: null,
  first_meter_record: null,
  stop_record: null,
  stop_answer_record: null,
  inferred_from_record: null,
};

/** One that begins with this frame. */
export function begun(kind: Kind, { record, time }: Cited, row: Partial<TransactionRow> = {}): Transaction {
  return {
    key: record,
    row: { ...NO_ROW, ...row, kind, first_heard: time, last_record: record, last_heard: time },
    ids: [],
    unanswered: [],
    flowed: false,
    booted: null,
    inferredFrom: [],
  };
}

/** A start that was refused is an attempt, unless the station charged all the same. */
export function kindOf({ row, flowed }: Transaction): Kind {
  if (row.start_record === null) return 'orphan';
  const isRefused = row.id_tag_status !== null && row.id_tag_status !== 'Accepted';
  return isRefused && !flowed ? 'attempt' : 'transaction';
}

export function withRow(transaction: Transaction, row: Partial<TransactionRow>): Transaction {
  return { ...transaction, row: { ...transaction.row, ...row } };
}

/** Also known by this id. */
export function withId(transaction: Transaction, id: string | null): Transaction {
  if (id === null || transaction.ids.includes(id)) return transaction;
  return { ...transaction, ids: [...transaction.ids, id].slice(-MOST_IDS) };
}

/** A CALL of it was sent, whose answer is to come. */
export function awaiting(transaction: Transaction, record: string): Transaction {
  return { ...transaction, unanswered: [...transaction.unanswered, record].slice(-MOST_UNANSWERED) };
}

/** It was heard of. */
export function heard(transaction: Transaction, { record, time }: Cited): Transaction {
  return withRow(transaction, { last_record: record, last_heard: time });
}

/** Longer than an answer takes: what comes later than it was made waited in the station's queue. */
const QUEUED: Micros = 60_000_000;

function wasQueued({ row }: Transaction): boolean {
  const { started, started_by, start_received } = row;
  return started_by === 'station' && (start_received ?? 0) - (started ?? 0) > QUEUED;
}

/**
 * Which of two came first at the station. In the order we saw them; by the station's own clock where one
 * of them waited in its queue, and both have a time of that clock.
 */
export function precedes(a: Transaction, b: Transaction): boolean {
  const both = a.row.started_by === 'station' && b.row.started_by === 'station';
  const byClock = both && (wasQueued(a) || wasQueued(b)) ? (a.row.started ?? 0) - (b.row.started ?? 0) : 0;
  const order = byClock || a.row.first_heard - b.row.first_heard;
  return order < 0 || (order === 0 && a.key < b.key);
}
