/** A DateTime of the API has microseconds and ends in Z; a Date keeps milliseconds. */
export const dateOf = (written: string): Date => new Date(written);

const DAY = 86_400_000;
const QUARTER_HOUR = 900_000;
const date = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
const fineClock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
});
const clockOfDay = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const dayOfYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });

const isReadable = (moment: Date) => !Number.isNaN(moment.getTime());

/** In the zone of the browser; what is no time stays as written. */
export function timeText(written: string): string {
  const moment = dateOf(written);
  return isReadable(moment) ? `${date.format(moment)}, ${clock.format(moment)}` : written;
}

/** With milliseconds, for frames: their order is read off it. */
export function clockText(written: string): string {
  const moment = dateOf(written);
  if (!isReadable(moment)) return written;
  return fineClock.format(moment);
}

export const dayText = (written: string): string => {
  const moment = dateOf(written);
  return isReadable(moment) ? date.format(moment) : written;
};

/** For an axis: the time of day, to the second where it is short, or the day where days are shown. */
export function tickText(at: number, span: number): string {
  if (span > 3 * DAY) return dayOfYear.format(at);
  return (span > QUARTER_HOUR ? clockOfDay : clock).format(at);
}

/** As people say it in a row of a table: `4 min ago`. */
export function agoText(written: string, now: number): string {
  const seconds = Math.round((now - dateOf(written).getTime()) / 1000);
  if (Number.isNaN(seconds)) return written;
  if (seconds < -60) return timeText(written);
  if (seconds < 5) return 'just now';
  return `${spanText(BigInt(seconds) * 1_000_000n, 1)} ago`;
}

const UNITS = [
  ['d', 86_400n],
  ['h', 3600n],
  ['min', 60n],
  ['s', 1n],
] as const;

/** Microseconds as their largest units: `3 h 12 min`. */
export function spanText(micros: bigint, units = 2): string {
  let left = micros / 1_000_000n;
  const parts = UNITS.map(([unit, seconds]) => {
    const count = left / seconds;
    left %= seconds;
    return { unit, count };
  });
  const first = parts.findIndex(({ count }) => count > 0n);
  if (first < 0) return micros > 0n ? 'under 1 s' : '0 s';
  const largest = parts.slice(first, first + units).filter(({ count }) => count > 0n);
  return largest.map(({ unit, count }) => `${count} ${unit}`).join(' ');
}

/** What `<input type="datetime-local">` takes and gives: the browser's own zone, without saying so. */
export function toLocalInput(moment: Date): string {
  const shifted = new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 19);
}
