import type { Micros } from './time.ts';
import { fractionOf, secondOf } from './time.ts';

/** A date and time as somebody wrote it, with nothing guessed. */
export type WrittenTime = {
  /** What its clock shows, as if that were UTC; null where the year has more than four digits. */
  readonly local: Micros | null;
  /** Seconds that its zone is ahead of UTC; null: it names none. */
  readonly ahead: number | null;
  /** It is RFC 3339, 5.6, to the letter. */
  readonly strict: boolean;
};

/** Longer than any form of a time. */
const LONGEST = 64;
/** RFC 3339, and what stations write instead: `+02`, `+0200`, no seconds, a blank for the T, a comma, a year of any length. */
const FORM =
  /^(?<year>[+-]?\d{4,9})-(?<day>\d\d-\d\d)[Tt ](?<minute>\d\d:\d\d)(?::(?<second>\d\d)(?:[.,](?<fraction>\d+))?)? ?(?<zone>[Zz]|[+-]\d\d(?::?\d\d)?)?$/;
const STRICT = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;
const MICROS = 1_000_000;

/** Reads ISO 8601 as stations and log writers write it. @returns undefined for what is no date and time of the calendar */
export function readWrittenTime(text: string): WrittenTime | undefined {
  const parts = text.length > LONGEST ? undefined : FORM.exec(text.trim())?.groups;
  if (parts === undefined) return undefined;
  const isOurs = parts.year?.length === 4;
  const shown = secondOf(secondShown(parts, isOurs));
  const ahead = parts.zone === undefined ? null : secondsAhead(parts.zone);
  if (Number.isNaN(shown) || Number.isNaN(ahead)) return undefined;
  const local = isOurs ? shown * MICROS + fractionOf(parts.fraction ?? '') : null;
  return { local, ahead, strict: STRICT.test(text) };
}

function secondShown({ year = '', day = '', minute = '', second = '00' }: Parts, isOurs: boolean): string {
  return `${isOurs ? year : likeYear(year)}-${day}T${minute}:${withoutLeap(second)}`;
}

type Parts = Readonly<Record<string, string | undefined>>;

/** One with the same days: the Gregorian calendar repeats every 400 years. */
const likeYear = (year: string) => String(2000 + (Math.abs(Number(year)) % 400));
/** A leap second is read as the one before it. */
const withoutLeap = (second: string) => (second === '60' ? '59' : second);

function secondsAhead(zone: string): number {
  const [sign, digits] = [zone.charAt(0), zone.slice(1).replace(':', '')];
  if (digits === '') return 0;
  const [hours, minutes] = [Number(digits.slice(0, 2)), Number(digits.slice(2))];
  if (hours > 23 || minutes > 59) return Number.NaN;
  return (sign === '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
}
