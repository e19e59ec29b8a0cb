import { createHash } from 'node:crypto';
import { formatMicros, type Micros, parseMicros, type SealingKeys } from '@chargeproof/record';

/** What a key file holds, and what is noted of its keys. */
export type Keyring = SealingKeys & {
  /** Key id → when it was made. Of the first keys of older files nobody knows. */
  readonly made: ReadonlyMap<string, Micros>;
  readonly erased: ReadonlyMap<string, Micros>;
};

/**
 * The key file: JSON, keys in base64, and a SHA-256 over all of them, because one wrong bit in a key would
 * be noticed only when somebody wants to read.
 */
type KeyFile = {
  readonly version: 1;
  readonly note: string;
  readonly current: string;
  readonly keys: Readonly<Record<string, string>>;
  readonly standIns: string;
  readonly check: string;
  /** Key id → RFC 3339. Absent where nothing is noted. */
  readonly made?: Readonly<Record<string, string>>;
  readonly erased?: Readonly<Record<string, string>>;
};

const NOTE =
  'These keys open what is sealed in this log. Without this file nobody can. Keep a copy elsewhere.';
const KEY_BYTES = 32;

export function writeKeyFile(keys: Keyring): string {
  const file: Omit<KeyFile, 'check'> = {
    version: 1,
    note: NOTE,
    current: keys.current,
    keys: Object.fromEntries([...keys.keys].map(([id, key]) => [id, Buffer.from(key).toString('base64')])),
    standIns: Buffer.from(keys.standIns).toString('base64'),
    ...(keys.made.size > 0 && { made: writtenTimes(keys.made) }),
    ...(keys.erased.size > 0 && { erased: writtenTimes(keys.erased) }),
  };
  return `${JSON.stringify({ ...file, check: checkOf(keys) }, undefined, 2)}\n`;
}

/** @returns what is wrong with it, where something is */
export function readKeyFile(text: string): Keyring | string {
  let file: Partial<KeyFile>;
  try {
    file = (JSON.parse(text) ?? {}) as Partial<KeyFile>;
  } catch {
    return text === '' ? 'it is empty' : 'it is not JSON';
  }
  if (file.version !== 1) return `its version is ${String(file.version)}, this program reads 1`;
  const { current, keys, standIns, check } = file;
  if (typeof current !== 'string' || typeof keys !== 'object' || typeof standIns !== 'string') {
    return 'it lacks a part';
  }
  const read: Keyring = {
    current,
    keys: new Map(Object.entries(keys).map(([id, key]) => [id, Buffer.from(key, 'base64')])),
    standIns: Buffer.from(standIns, 'base64'),
    made: timesOf(file.made),
    erased: timesOf(file.erased),
  };
  if ([...read.keys.values(), read.standIns].some(({ length }) => length !== KEY_BYTES)) {
    return 'a key in it has not 32 bytes';
  }
  if (!read.keys.has(current)) return 'its current key is not in it';
  return check === checkOf(read) ? read : 'its checksum does not fit';
}

const writtenTimes = (times: ReadonlyMap<string, Micros>) =>
  Object.fromEntries([...times].map(([id, time]) => [id, formatMicros(time)]));

/** What is noted of a key opens nothing: a note that cannot be read is none. */
function timesOf(written: KeyFile['made']): ReadonlyMap<string, Micros> {
  const times = Object.entries(written ?? {}).map(([id, text]) => [id, parseMicros(text)] as const);
  return new Map(times.filter((each): each is [string, Micros] => each[1] !== undefined));
}

function checkOf({ current, keys, standIns }: SealingKeys): string {
  const hash = createHash('sha256').update(`chargeproof keys\0${current}\0`);
  for (const id of [...keys.keys()].sort()) hash.update(`${id}\0`).update(keys.get(id) ?? '');
  return hash.update(standIns).digest('hex');
}
