import { existsSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { gateway, settingsOrExit, variableName } from '@chargeproof/config';
import {
  CredentialsUnusable,
  hashCredential,
  listCredentials,
  newStationKey,
  putCredential,
  removeCredential,
  type SecurityProfile,
  stationKeyOf,
} from '@chargeproof/keyring';
import { NAME_RULE, nameFault, parseStationName, stationName, type Subject } from '@chargeproof/record';
import type { Command } from '../command.ts';
import { readCommandLine, UsageError } from '../options.ts';

const USE =
  'credentials add STATION [--key HEX | --password] [--profile 1|2|3], credentials remove STATION, credentials list';
const ACTIONS: ReadonlySet<string> = new Set(['add', 'remove', 'list']);
const OPTIONS = {
  key: { type: 'string' },
  password: { type: 'boolean' },
  profile: { type: 'string' },
  file: { type: 'string' },
} as const;
type Options = {
  readonly key?: string | undefined;
  readonly password?: boolean | undefined;
  readonly profile?: string | undefined;
};

/** Keeps the file of stations' credentials, hashed. A key that it makes is printed once, on stdout, and kept nowhere. */
export const credentials: Command = async (args) => {
  const { options, positionals } = readCommandLine(args, OPTIONS);
  const [action = '', name, ...rest] = positionals;
  if (!ACTIONS.has(action)) throw new UsageError(`There are: ${USE}`);
  if (rest.length > 0) throw new UsageError(`"${rest.join(' ')}" is one too many: ${USE}`);
  const file = options.file ?? fileOfTheSettings();
  try {
    return await run(action, name, options, file);
  } catch (error) {
    if (error instanceof CredentialsUnusable) throw new UsageError(error.message);
    throw error;
  }
};

function fileOfTheSettings(): string {
  const file = settingsOrExit({ gateway }).gateway.credentials;
  if (file !== undefined) return file;
  throw new UsageError(`Name the file: --file FILE, or ${variableName('gateway', 'credentials')}.`);
}

async function run(
  action: string,
  name: string | undefined,
  options: Options,
  file: string,
): Promise<number> {
  if (action === 'add') return add(connectable(stationOf(name)), options, file);
  if (action === 'remove') return remove(stationOf(name), file);
  return list(file);
}

async function list(file: string): Promise<number> {
  if (!existsSync(file))
    throw new UsageError(`${file}: there is no such file; credentials add STATION makes it`);
  for (const { station, profile } of await listCredentials(file)) {
    const own = profile === undefined ? '' : `\tprofile ${profile}`;
    process.stdout.write(`${stationName(station)}${own}\n`);
  }
  return 0;
}

async function add(station: Subject, options: Options, file: string): Promise<number> {
  const { key, password } = options;
  const profile = profileOf(options);
  if (profile === 3) return addCertified(station, options, file);
  if (key !== undefined && password === true) throw new UsageError('Give --key or --password, not both.');
  const made = key === undefined && password !== true ? newStationKey() : undefined;
  const secret = made ?? (key === undefined ? await typedPassword() : keyOf(key));
  const hash = await hashCredential(secret, password !== true);
  const replaced = await putCredential(file, station, { hash, ...(profile !== undefined && { profile }) });
  tellPut(station, replaced, file);
  if (made === undefined) return 0;
  process.stderr.write(`User ${station.station}; its AuthorizationKey in hex, which is shown only now:\n`);
  process.stdout.write(`${made.toString('hex')}\n`);
  return 0;
}

/** A station of profile 3 shows a certificate that names it, and no key. */
async function addCertified(station: Subject, { key, password }: Options, file: string): Promise<number> {
  if (key !== undefined || password === true) {
    throw new UsageError('A station of --profile 3 shows its certificate: leave --key and --password out.');
  }
  tellPut(station, await putCredential(file, station, { profile: 3 }), file);
  return 0;
}

function tellPut(station: Subject, replaced: boolean, file: string): void {
  process.stderr.write(`${replaced ? 'Replaced' : 'Added'} ${stationName(station)} in ${file}.\n`);
}

/** Undefined: what the gateway asks of all. */
function profileOf({ profile }: Options): SecurityProfile | undefined {
  if (profile === undefined) return undefined;
  const asked = ([1, 2, 3] as const).find((each) => String(each) === profile);
  if (asked !== undefined) return asked;
  throw new UsageError('--profile takes 1 (a key), 2 (a key, over TLS only) or 3 (a certificate)');
}

async function remove(station: Subject, file: string): Promise<number> {
  const name = stationName(station);
  if (await removeCredential(file, station)) {
    process.stderr.write(`Removed ${name} from ${file}.\n`);
    return 0;
  }
  process.stderr.write(`${name} is not in ${file}.\n`);
  return 1;
}

function stationOf(name: string | undefined): Subject {
  if (name === undefined) throw new UsageError(`Name the station: ${USE}`);
  const station = parseStationName(name);
  if (station !== undefined) return station;
  throw new UsageError(`"${name}" is no [tenant/]station; percent-encode what a URL would`);
}

/** @throws UsageError for one that the gateway refuses by its path alone */
function connectable(subject: Subject): Subject {
  if (nameFault(subject.station) === undefined) return subject;
  throw new UsageError(`No station can connect as "${stationName(subject).slice(0, 60)}": ${NAME_RULE}`);
}

/** The key is not repeated: what is wrong with it may be one digit. */
function keyOf(hex: string): Buffer {
  const key = stationKeyOf(hex);
  if (key === undefined) throw new UsageError('--key takes 32 to 40 hex digits, an even number of them');
  return key;
}

/** From stdin, because a shell keeps what is typed as an argument. */
async function typedPassword(): Promise<Buffer> {
  if (process.stdin.isTTY) process.stderr.write('Password, then Enter and Ctrl-D: ');
  const [password = ''] = (await text(process.stdin)).split(/\r?\n/);
  if (password === '') throw new UsageError('--password reads a password from stdin, and there was none');
  return Buffer.from(password);
}
