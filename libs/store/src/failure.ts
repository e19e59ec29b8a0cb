import type { StoreFailure } from '@chargeproof/tables';
import { StoreError } from '@chargeproof/tables';

/** ClickHouse's codes that say more than "refused". Source: ErrorCodes.cpp of ClickHouse. */
const FAILURES: Readonly<Record<number, StoreFailure>> = {
  158: 'too-large', // TOO_MANY_ROWS
  159: 'too-slow', // TIMEOUT_EXCEEDED
  160: 'too-slow', // TOO_SLOW
  241: 'too-large', // MEMORY_LIMIT_EXCEEDED
  307: 'too-large', // TOO_MANY_BYTES
  396: 'too-large', // TOO_MANY_ROWS_OR_BYTES
};
const NETWORK_CODES = /^(?:ECONN|EPIPE|ENOTFOUND|ETIMEDOUT|EAI_|EHOST|ENET|UND_ERR)/;
const MOST_CHARACTERS = 400;

/** The one error of the store for whatever a driver threw. */
export function toStoreError(thrown: unknown): StoreError {
  if (thrown instanceof StoreError) return thrown;
  const code = clickHouseCode(thrown);
  // ClickHouse's own words are no cause to keep: whoever prints an error's causes would print rows.
  const options = code === undefined ? { cause: thrown } : { code };
  return new StoreError(failureOf(thrown, code), brief(messageOf(thrown)), options);
}

function failureOf(thrown: unknown, code: number | undefined): StoreFailure {
  if (code !== undefined) return FAILURES[code] ?? 'refused';
  const nodeCode = property(thrown, 'code');
  if (typeof nodeCode === 'string' && NETWORK_CODES.test(nodeCode)) return 'unreachable';
  return /timeout|socket hang up|aborted/i.test(messageOf(thrown)) ? 'unreachable' : 'refused';
}

/** The HTTP client has it in `code` as text, chDB's connection too, chDB's raw insert in `clickhouseCode`. */
function clickHouseCode(thrown: unknown): number | undefined {
  for (const name of ['clickhouseCode', 'code']) {
    const code = Number(property(thrown, name) ?? Number.NaN);
    if (Number.isInteger(code)) return code;
  }
  const written = /\bCode: (\d+)/.exec(messageOf(thrown))?.[1];
  return written === undefined ? undefined : Number(written);
}

/** ClickHouse repeats its prefix, then quotes the statement and whole rows: of that nothing is passed on. */
function brief(message: string): string {
  const [firstLine = ''] = message.replace(/(?:Code: \d+\. )?DB::Exception: /g, '').split('\n');
  const said = firstLine
    .replace(/(?: in scope |: \(?(?:at row|in query|while (?:executing|reading))).*$/i, '')
    .trim();
  return said.length > MOST_CHARACTERS ? `${said.slice(0, MOST_CHARACTERS)} …` : said;
}

const messageOf = (thrown: unknown) => (thrown instanceof Error ? thrown.message : String(thrown));

function property(thrown: unknown, name: string): unknown {
  return typeof thrown === 'object' && thrown !== null && name in thrown
    ? (thrown as Record<string, unknown>)[name]
    : undefined;
}
