import type { Micros } from '@chargeproof/record';
import { readWrittenTime } from '@chargeproof/record';

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

/**
 * Reads a time as a peer wrote it, with nothing guessed.
 * @param text null where there is none
 * @param received effective time of its frame
 */
export function clockOf(text: string | null, received: Micros): StationTime {
  if (text === null) return { parsed: null, clock: 'absent' };
  const written = readWrittenTime(text);
  if (written === undefined) return { parsed: null, clock: 'unreadable' };
  const { local, ahead } = written;
  if (ahead === null) return { parsed: null, clock: 'no-zone' };
  return local === null ? { parsed: null, clock: 'implausible' } : weighed(local - ahead * SECOND, received);
}

function weighed(time: Micros, received: Micros): StationTime {
  const isPlausible = time >= EARLIEST && time <= received + DAY;
  const isHeld = Number.isSafeInteger(time) && time >= LEAST_HELD;
  return { parsed: isHeld ? time : null, clock: isPlausible ? 'plausible' : 'implausible' };
}
