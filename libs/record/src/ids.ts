import type { Micros } from './time.ts';

/**
 * Identities that carry their own time, so that effective time is a function of one record alone and
 * text order is time order: times are base 36, padded to eleven digits.
 *
 *   run         `<started>-<random>`             one life of one gateway process
 *   connection  `<opened>-<random>-<ordinal>`    one socket of a station (and its upstream leg)
 *   record      `<connection>/<sequence>`, or `<run>.<partition>/<n>` for what a run says of itself
 */
export type RunId = string;
export type ConnectionId = string;
export type RecordId = string;

const TIME_DIGITS = 11;
const sortable = (time: Micros) => time.toString(36).padStart(TIME_DIGITS, '0');

/** @param random six characters of [0-9a-z] that no other run started in the same microsecond has */
export function runId(started: Micros, random: string): RunId {
  return `${sortable(started)}-${random}`;
}

/** @param ordinal counts the connections of the run, from 0 */
export function connectionId(opened: Micros, run: RunId, ordinal: number): ConnectionId {
  return `${sortable(opened)}-${run.slice(TIME_DIGITS + 1)}-${ordinal.toString(36)}`;
}

/** When the run started or the connection opened, read from its identity. NaN for an identity not of ours. */
export function openedAt(id: string): Micros {
  const opened = id.charAt(TIME_DIGITS) === '-' ? Number.parseInt(id.slice(0, TIME_DIGITS), 36) : Number.NaN;
  return Number.isSafeInteger(opened) ? opened : Number.NaN;
}

export function recordId(connection: ConnectionId, sequence: number): RecordId {
  return `${connection}/${sequence}`;
}

/** Identity of a record that a run writes about itself to one partition: ticks, run started, run stopped. */
export function runRecordId(run: RunId, partition: number, ordinal: number): RecordId {
  return `${run}.${partition}/${ordinal}`;
}
