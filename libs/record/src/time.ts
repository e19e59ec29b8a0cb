/** Whole microseconds since 1970-01-01T00:00:00Z. A safe integer until the year 2255. */
export type Micros = number;

const pad = (value: number, width: number) => String(value).padStart(width, '0');

/** RFC 3339 in UTC with six digits of a second, the form of the CloudEvents `time` attribute. */
export function formatMicros(time: Micros): string {
  const milliseconds = Math.floor(time / 1000);
  return `${new Date(milliseconds).toISOString().slice(0, -1)}${pad(time - milliseconds * 1000, 3)}Z`;
}

const RFC3339 = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/;

/**
 * Reads an RFC 3339 time. Digits beyond the microsecond are cut off.
 * @returns undefined for anything else, including a time without a zone: a guess is not a reading.
 */
export function parseMicros(text: string): Micros | undefined {
  const match = RFC3339.exec(text);
  if (!match) return undefined;
  const [, seconds = '', fraction = '', zone = ''] = match;
  const milliseconds = Date.parse(`${seconds}${zone}`);
  if (Number.isNaN(milliseconds)) return undefined;
  return milliseconds * 1000 + Number(fraction.slice(0, 6).padEnd(6, '0'));
}
