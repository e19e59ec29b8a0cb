import { type Micros, readWrittenTime } from '@chargeproof/record';

/** What a local time means: seconds that its zone is ahead of UTC, at a local time given as if it were UTC. */
export type Zone = { readonly name: string; readonly secondsAhead: (local: Micros) => number };

const MICROS = 1_000_000;
const OFFSET = /^([+-])(\d\d):?(\d\d)$/;

/** @param name `UTC`, `+01:00` or of the IANA, as `Europe/Berlin`. @returns undefined for any other */
export function zoneOf(name: string): Zone | undefined {
  const [, sign, hours, minutes] = OFFSET.exec(name) ?? [];
  if (hours !== undefined) {
    const seconds = (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
    return Number(hours) < 24 && Number(minutes) < 60 ? { name, secondsAhead: () => seconds } : undefined;
  }
  try {
    return { name, secondsAhead: calendarZone(name) };
  } catch {
    return undefined;
  }
}

/** Long enough to spare the calendar, shorter than any zone's steps are apart. */
const REMEMBERED_MICROS = 15 * 60 * MICROS;

function calendarZone(name: string): (local: Micros) => number {
  const calendar = new Intl.DateTimeFormat('en-GB', { timeZone: name, timeZoneName: 'longOffset' });
  const aheadAt = (time: Micros) => {
    const text = calendar.formatToParts(time / 1000).find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const [, sign, hours, minutes = '0'] = /([+-])(\d\d)(?::(\d\d))?/.exec(text) ?? [];
    return hours === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
  };
  let slot = Number.NaN;
  let known = 0;
  return (local) => {
    const asked = Math.floor(local / REMEMBERED_MICROS);
    if (asked === slot) return known;
    slot = asked;
    // Twice: near a change of the clocks the first answer is that of an instant some hours away.
    known = aheadAt(local - aheadAt(local - aheadAt(local) * MICROS) * MICROS);
    return known;
  };
}

/** Reads the times of one recording. */
export class ClaimedTimes {
  readonly #zone: Zone;
  /** How many times named no zone, and were read in that of the caller. */
  withoutZone = 0;

  constructor(zone: Zone) {
    this.#zone = zone;
  }

  /** @returns undefined for what is no time, or one that no safe integer holds (2255); 0 for one before 1970 */
  read(text: string): Micros | undefined {
    const written = readWrittenTime(text);
    if (written?.local === undefined || written.local === null) return undefined;
    const time = written.local - (written.ahead ?? this.#aheadOf(written.local)) * MICROS;
    return time > Number.MAX_SAFE_INTEGER ? undefined : Math.max(0, time);
  }

  #aheadOf(local: Micros): number {
    this.withoutZone += 1;
    return this.#zone.secondsAhead(local);
  }
}

/** 2010-01-01: no OCPP-J before it. A time before it is a clock that was never set. */
const EARLIEST: Micros = 1_262_304_000 * MICROS;

/**
 * Effective times of one station in one recording (DESIGN 5): what it claims, made non-decreasing; a time
 * before 2010, after the import or unreadable takes its predecessor's.
 */
export class EffectiveTimes {
  readonly #importedAt: Micros;
  #latest: Micros;

  /** @param opened that of the first frame: see {@link isPlausible} */
  constructor(opened: Micros, importedAt: Micros) {
    this.#latest = opened;
    this.#importedAt = importedAt;
  }

  next(claimed: Micros | undefined): Micros {
    if (isPlausible(claimed, this.#importedAt)) this.#latest = Math.max(this.#latest, claimed);
    return this.#latest;
  }
}

export function isPlausible(claimed: Micros | undefined, importedAt: Micros): claimed is Micros {
  return claimed !== undefined && claimed >= EARLIEST && claimed <= importedAt;
}
