import { bounded } from '../reading/bounded.ts';
import type { Maybe } from './members.ts';

/** A whole number within 64 bits: a number where JavaScript holds it exactly, else its digits. */
export type Integer = number | string;

/**
 * A scalar as it was sent: a string as it is, of any length; a number in its own digits; null for what is
 * missing, null, a list or an object. Peers mix strings and numbers up, and mean the same.
 */
export function textOf(value: Maybe): string | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  return isNumber(value) ? value.source : null;
}

/** The same as our states and columns hold it: see {@link bounded}. */
export function wordOf(value: Maybe, longest?: number): string | null {
  const text = textOf(value);
  return text === null ? null : bounded(text, longest);
}

const DIGITS = /^[+-]?\d{1,24}$/;
const DECIMAL = /^[+-]?\d{1,24}(?:\.\d{1,24})?(?:e[+-]?\d{1,3})?$/i;
const LEAST = -(2n ** 63n);
const MOST = 2n ** 63n - 1n;

/**
 * The whole number that a scalar reads as, be it a number or a string: `1`, `"1"`, `1.0`, `1e3`. Null for
 * everything else: `1.5`, `1e400`, `""`, `"one"`, and what 64 bits do not hold.
 */
export function integerOf(value: Maybe): Integer | null {
  if (typeof value !== 'string' && !isNumber(value)) return null;
  const text = (typeof value === 'string' ? value : value.source).trim();
  if (DIGITS.test(text)) return within(BigInt(text.replace('+', '')));
  const number = DECIMAL.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(number) ? number + 0 : null;
}

function within(integer: bigint): Integer | null {
  if (integer < LEAST || integer > MOST) return null;
  const number = Number(integer);
  return Number.isSafeInteger(number) ? number : String(integer);
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);

/** True or false, also as a string in any case; null for everything else. */
export function booleanOf(value: Maybe): boolean | null {
  if (typeof value === 'boolean') return value;
  return typeof value === 'string' ? (BOOLEANS.get(value.toLowerCase()) ?? null) : null;
}

/** A CiString (OCPP 1.6, 6.5) in the form that equal ones share: they are compared without letter case. */
export const caseless = (text: string): string => text.toLowerCase();

function isNumber(value: Maybe): value is { readonly source: string } {
  return typeof value === 'object' && value !== null && 'source' in value;
}
