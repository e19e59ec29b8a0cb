import type { Attributes } from './attributes.ts';
import { openedAt } from './ids.ts';
import type { Micros } from './time.ts';

/** A record's place among its station's records (DESIGN 5). */
export type EffectivePlace = {
  readonly time: Micros;
  readonly connection: string;
  readonly sequence: number;
};

/**
 * Effective time of a record seen on a wire: its connection's opening time plus `monotonic`, so that a
 * wall clock that steps during a connection does not tear the connection's order.
 * A record without a connection stands at its own receive time. A log that others wrote may claim any
 * number: one that is no time is passed over, and where none is left the record stands at the beginning.
 */
export function effectiveTime(attributes: Attributes): Micros {
  const { connection, monotonic, time } = attributes;
  const received = isTime(time) ? time : 0;
  if (connection === undefined || monotonic === undefined) return received;
  const measured = openedAt(connection) + monotonic;
  return isTime(measured) ? measured : received;
}

const isTime = (claimed: number) => Number.isSafeInteger(claimed) && claimed >= 0;

export function effectivePlace(attributes: Attributes): EffectivePlace {
  return {
    time: effectiveTime(attributes),
    connection: attributes.connection ?? '',
    sequence: attributes.sequence ?? 0,
  };
}

/** Effective order: time, then connection, then sequence. */
export function compareEffective(a: EffectivePlace, b: EffectivePlace): number {
  return a.time - b.time || compareText(a.connection, b.connection) || a.sequence - b.sequence;
}

const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
