/** Whole microseconds since 1970-01-01T00:00:00Z. A safe integer until the year 2255. */
export type Micros = number;

const MICROS = 1_000_000;

/**
 * The last second written and the last one read. Records come in order of time, so the calendar is asked
 * about once a second and not once a record. A memo of pure functions: nothing depends on it.
 */
let writtenSecond = Number.NaN;
let writtenText = '';
let readText = '';
let readSecond = Number.NaN;

/** RFC 3339 in UTC with six digits of a second, the form of the CloudEvents `time` attribute. */
export function formatMicros(time: Micros): string {
  const second = Math.floor(time / MICROS);
  if (second !== writtenSecond) {
    writtenText = new Date(second * 1000).toISOString().slice(0, -4);
    writtenSecond = second;
  }
  // A leading 1 keeps the zeros.
  return `${writtenText}${String(time - second * MICROS + MICROS).slice(1)}Z`;
}

const RFC3339 = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/;
const OURS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
const SECOND_LENGTH = 19;

/**
 * Reads an RFC 3339 time. Digits beyond the microsecond are cut off.
 * @returns undefined for anything else, including a time without a zone and a day that no calendar has:
 *   a guess is not a reading.
 */
export function parseMicros(text: string): Micros | undefined {
  if (OURS.test(text)) {
    const second = secondOf(text.slice(0, SECOND_LENGTH));
    return Number.isNaN(second) ? undefined : second * MICROS + Number(text.slice(SECOND_LENGTH + 1, -1));
  }
  const match = RFC3339.exec(text);
  if (!match) return undefined;
  const [, local = '', fraction = '', zone = ''] = match;
  const second = secondOf(local) - zoneSeconds(zone);
  if (Number.isNaN(second)) return undefined;
  return second * MICROS + fractionOf(fraction);
}

/** Microseconds of the digits behind a second's point; what is finer is cut off. */
export const fractionOf = (digits: string): Micros => Number(digits.slice(0, 6).padEnd(6, '0'));

/** Seconds since 1970 of `YYYY-MM-DDTHH:MM:SS` in UTC. NaN where there is no such second. */
export function secondOf(text: string): number {
  if (text === readText) return readSecond;
  const milliseconds = Date.parse(`${text}Z`);
  // Date.parse rolls 29 February of a common year over into March.
  const real = !Number.isNaN(milliseconds) && new Date(milliseconds).toISOString().startsWith(text);
  readSecond = real ? milliseconds / 1000 : Number.NaN;
  readText = text;
  return readSecond;
}

function zoneSeconds(zone: string): number {
  if (zone === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4, 6));
  if (hours > 23 || minutes > 59) return Number.NaN;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 3600 + minutes * 60);
}
