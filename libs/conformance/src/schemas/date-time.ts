import type { Micros } from '@chargeproof/record';

/** What is wrong with a time, worst first. */
export type DateTimeFault = 'unreadable' | 'implausible' | 'no-zone' | 'not-rfc3339';

/** ISO 8601 as stations write it: seconds, fraction, zone and the T may be missing or odd. */
const FORM =
  /^(?<year>\d{4,})-(?<month>\d{2})-(?<day>\d{2})[Tt ](?<hour>\d{2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:[.,]\d+)?)?(?<zone>Z|z|[+-]\d{2}(?::?\d{2})?)?$/;
/** RFC 3339, 5.6. */
const STRICT = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|z|[+-]\d{2}:\d{2})$/;
const LONGEST = 64;

/** No charger spoke OCPP 1.6 before it was published (2015); a clock a day ahead is set wrong. */
const FIRST_YEAR = 2015;
const AHEAD: Micros = 86_400_000_000;

/** @param received when the frame with it was received: what is ahead of that is told by it */
export function dateTimeFault(text: string, received: Micros): DateTimeFault | undefined {
  const parts = text.length > LONGEST ? undefined : FORM.exec(text)?.groups;
  if (parts === undefined) return 'unreadable';
  const number = (name: string) => Number(parts[name] ?? 0);
  const year = number('year');
  if (!isTime(number) || !isDate(year, number('month'), number('day'))) return 'unreadable';
  if (year < FIRST_YEAR || year > 9999) return 'implausible';
  const asUtc = Date.UTC(
    year,
    number('month') - 1,
    number('day'),
    number('hour'),
    number('minute'),
    number('second'),
  );
  if ((asUtc - ahead(parts.zone)) * 1000 > received + AHEAD) return 'implausible';
  if (parts.zone === undefined) return 'no-zone';
  return STRICT.test(text) ? undefined : 'not-rfc3339';
}

const isTime = (number: (name: string) => number) =>
  number('hour') < 24 && number('minute') < 60 && number('second') <= 60;

/** The Gregorian calendar repeats every 400 years, and Date knows those from 2000 on. */
function isDate(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  return day <= new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
}

/** Milliseconds that a written zone is ahead of UTC. */
function ahead(zone: string | undefined): number {
  const match = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone ?? '');
  if (match === null) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  return (match[1] === '-' ? -minutes : minutes) * 60_000;
}
