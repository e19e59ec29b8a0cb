import { isUtf8 } from 'node:buffer';

/** A JSON object as `JSON.parse` gives it. */
export type Members = Readonly<Record<string, unknown>>;

/** The object that a line holds, or why it holds none. */
export function objectIn(bytes: Buffer): Members | string {
  if (!isUtf8(bytes)) return 'is not UTF-8';
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    return 'is not JSON';
  }
  return isObject(value) ? value : 'is JSON, but no object';
}

export const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const textOr = <Else>(value: unknown, otherwise: Else): string | Else =>
  typeof value === 'string' ? value : otherwise;
