/** A number with what its last digit is worth. */
export type Exact = {
  readonly value: bigint;
  readonly resolution: bigint;
  /** Written as OCPP wants it: `-?\d+(\.\d+)?` (OCPP 1.6, 7.43). */
  readonly plain: boolean;
};

/** Longer texts are no numbers: no meter has so many digits. */
const LONGEST_TEXT = 64;
/** Beyond this (10^15 Wh in mWh) nothing is a meter's reading. */
const MOST = 10n ** 18n;
const MOST_POWER = 40;

const PLAIN = /^-?\d+(?:\.\d+)?$/;
const READABLE = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;

/**
 * Reads `text * 10^power` as a whole number; what is finer is cut off towards zero. Bounded in time and
 * memory whatever the text. Blanks around it, a plus and an exponent are read; a comma, hexadecimal and
 * words are not: a guess is not a reading.
 */
export function readDecimal(text: string, power: number): Exact | undefined {
  if (text.length > LONGEST_TEXT) return undefined;
  const match = READABLE.exec(text.trim());
  if (match === null) return undefined;
  const [sign, whole, fraction, exponent] = match.slice(1).map((part: string | undefined) => part ?? '');
  const digits = `${whole}${fraction}`;
  const last = Number(exponent) - (fraction ?? '').length + power;
  const size = digits === '' ? undefined : shift(BigInt(digits), last);
  if (size === undefined || size > MOST) return undefined;
  return {
    value: sign === '-' ? -size : size,
    resolution: last > 0 ? 10n ** BigInt(Math.min(last, MOST_POWER)) : 1n,
    plain: PLAIN.test(text),
  };
}

function shift(digits: bigint, power: number): bigint | undefined {
  if (digits === 0n || -power > LONGEST_TEXT) return 0n;
  if (power > MOST_POWER) return undefined;
  return power >= 0 ? digits * 10n ** BigInt(power) : digits / 10n ** BigInt(-power);
}
