// Numbers of the API are exact, and stay text: a float would change the last digit of somebody's bill.

const NARROW_SPACE = '\u202f';

/** `12345.6` → `12 345.6`, in groups of three with narrow spaces. What is no number stays as it is. */
export function grouped(decimal: string): string {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(\.\d+)?$/.exec(decimal) ?? [];
  if (whole === '') return decimal;
  return sign + whole.replace(/\B(?=(\d{3})+$)/g, NARROW_SPACE) + fraction;
}

/** Wh → kWh by moving the point, so that no digit is lost: `12345.6` → `12.3456`. */
export function kiloOf(decimal: string): string {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(decimal) ?? [];
  if (whole === '') return decimal;
  const digits = whole.padStart(4, '0');
  const moved = `${digits.slice(0, -3)}.${digits.slice(-3)}${fraction}`.replace(/\.?0+$/, '');
  return sign + moved;
}

/** Energy in Wh as people read it. */
export const energyText = (wh: string): string => `${grouped(kiloOf(wh))} kWh`;

/** Seconds as a decimal → whole microseconds. */
export function microsOf(seconds: string): bigint {
  const [whole = '0', fraction = ''] = seconds.split('.');
  return BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, '0').slice(0, 6));
}

/** How much of the whole a part is, in hundredths of a percent, rounded down: nothing short of all is 100 %. */
export function percentOf(part: bigint, whole: bigint): string {
  const hundredths = (part * 10_000n) / whole;
  const text = `${hundredths / 100n}.${String(hundredths % 100n).padStart(2, '0')}`;
  return `${text.replace(/\.?0+$/, '')} %`;
}
