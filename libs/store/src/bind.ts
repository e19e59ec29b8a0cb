import type { Parameters, Scalar } from '@chargeproof/tables';
import { encodeText, StoreError } from '@chargeproof/tables';

/**
 * Puts parameters into a query's text as typed literals: `{name:Type}` becomes `_CAST(literal, 'Type')`.
 *
 * ClickHouse's own binding is not used: chDB runs all bound queries of a process one after the other (two
 * at once clobber each other's values), so one slow question would stop all others; and over HTTP values
 * travel in the URL, which has a limit. One binder serves both, and both are held to it by the same
 * property test on hostile strings.
 * @throws StoreError `refused` for a parameter that is missing, or none of the query's
 */
export function bind(sql: string, parameters: Parameters = {}): string {
  const used = new Set<string>();
  const text = sql.replace(TOKENS, (token, name: string | undefined, type: string | undefined) => {
    if (name === undefined || type === undefined) return token;
    const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (value === undefined) throw new StoreError('refused', `the query's parameter ${name} is not given`);
    used.add(name);
    return typedLiteral(value, type.trim());
  });
  for (const name of Object.keys(parameters)) {
    if (!used.has(name)) throw new StoreError('refused', `the query has no parameter ${name}`);
  }
  return text;
}

/** Whatever may hold braces that are not ours comes first: strings, quoted names, comments. */
const TOKENS = new RegExp(
  [
    /'(?:[^'\\]|\\[\s\S])*'/, // a doubled quote reads as two strings, which is as good
    /`(?:[^`\\]|\\[\s\S])*`/,
    /"(?:[^"\\]|\\[\s\S])*"/,
    /--[^\n]*/,
    /\/\*[\s\S]*?\*\//,
    /\{\s*(\w+)\s*:([^{}]+)\}/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'g',
);

function typedLiteral(value: Scalar | readonly Scalar[], type: string): string {
  const write = /\bDateTime64\(6\b/.test(type) ? timeLiteral : literal;
  const written = Array.isArray(value)
    ? `[${(value as readonly Scalar[]).map(write).join(', ')}]`
    : write(value as Scalar);
  return `_CAST(${written}, ${quoted(type)})`;
}

/** A time is whole microseconds here as in rows; a cast would take the number for seconds. */
function timeLiteral(value: Scalar): string {
  const written = literal(value);
  return typeof value === 'number' ? `fromUnixTimestamp64Micro(${written}, 'UTC')` : written;
}

function literal(value: Scalar): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return textLiteral(value);
  if (typeof value === 'boolean') return String(value);
  if (!Number.isSafeInteger(value))
    throw new StoreError('refused', 'numbers in parameters are whole and below 2^53: give others as text');
  return String(value);
}

/** Text that SQL, which travels as UTF-8, cannot hold goes as hexadecimal. */
function textLiteral(text: string): string {
  if (!text.isWellFormed()) return `unhex('${encodeText(text).toString('hex')}')`;
  return quoted(text);
}

const ESCAPES: Readonly<Record<string, string>> = { "'": "\\'", '\\': '\\\\', '\0': '\\0' };
const quoted = (text: string) => `'${text.replace(/['\\\0]/g, (character) => ESCAPES[character] ?? '')}'`;
