import type { Micros } from '@chargeproof/record';
import { parseMicros } from '@chargeproof/record';

/**
 * What a time that a peer wrote is worth. `plausible`: of 2010 or later, and at most a day after we
 * received it. `implausible`: 1970, 2099, 0001-01-01, the year 222222017. `no-zone`: nobody can tell which
 * hour it was. `unreadable`: no time, or none of any calendar. `absent`: nothing was sent.
 */
export type Clock = 'plausible' | 'implausible' | 'no-zone' | 'unreadable' | 'absent';

export type StationTime = {
  /** Null where it has no zone, cannot be read, or is none that a column of the store can hold. */
  readonly parsed: Micros | null;
  readonly clock: Clock;
};

const SECOND = 1_000_000;
const DAY: Micros = 86_400 * SECOND;
/** Before OCPP was spoken over WebSockets, and when clocks that were never set believe to be. */
const EARLIEST: Micros = 1_262_304_000 * SECOND;
/** 1900, from which on a `DateTime64(6)` counts. The other end is that of exact integers, in 2255. */
const LEAST_HELD: Micros = -2_208_988_800 * SECOND;

/** Longer than any form of a time. */
const LONGEST = 64;
/** RFC 3339, and what stations write instead: `+02`, `+0200`, no seconds, a blank for the T, a comma, a year of any length. */
const FORM =
  /^([+-]?\d{4,9})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)? ?([Zz]|([+-]\d\d)(?::?(\d\d))?)?$/;

/**
 * Reads a time as a peer wrote it, with nothing guessed.
 * @param text null where there is none
 * @param received effective time of its frame
 */
export function clockOf(text: string | null, received: Micros): StationTime {
  if (text === null) return { parsed: null, clock: 'absent' };
  const match = text.length > LONGEST ? null : FORM.exec(text.trim());
  if (match === null) return { parsed: null, clock: 'unreadable' };
  const [, year = '', ...rest] = match;
  const isOurs = /^\d{4}$/.test(year);
  // A year that the calendar of RFC 3339 does not go to is read as one with as many days.
  const time = parseMicros(rfc3339(isOurs ? year : '2000', rest));
  if (time === undefined) return { parsed: null, clock: 'unreadable' };
  if (rest[ZONE] === undefined) return { parsed: null, clock: 'no-zone' };
  return isOurs ? weighed(time, received) : { parsed: null, clock: 'implausible' };
}

/** Which group behind the year is the zone. */
const ZONE = 6;

type Groups = readonly (string | undefined)[];

/** The same time as RFC 3339 has it; in UTC where it has no zone. */
function rfc3339(
  year: string,
  [month, day, hour, minute, second, fraction, , hours, minutes]: Groups,
): string {
  const zone = hours === undefined ? 'Z' : `${hours}:${minutes ?? '00'}`;
  const part = fraction === undefined ? '' : `.${fraction.slice(0, 6)}`;
  return `${year}-${month}-${day}T${hour}:${minute}:${second ?? '00'}${part}${zone}`;
}

function weighed(time: Micros, received: Micros): StationTime {
  const isPlausible = time >= EARLIEST && time <= received + DAY;
  const isHeld = Number.isSafeInteger(time) && time >= LEAST_HELD;
  return { parsed: isHeld ? time : null, clock: isPlausible ? 'plausible' : 'implausible' };
}
