import { data, dataLayout, settingsOrExit } from '@chargeproof/config';
import {
  eraseKey,
  type Keyring,
  KeyringUnusable,
  readKeyring,
  rotateKey,
  takeKeys,
} from '@chargeproof/keyring';
import { formatMicros, type Micros } from '@chargeproof/record';
import { type Command, CommandFailed } from '../command.ts';
import { readCommandLine, UsageError } from '../options.ts';

const USE = 'keys list | rotate | erase ID | take FILE';

/** One key, as `--json` lists it. */
type ListedKey = {
  readonly id: string;
  readonly state: 'current' | 'kept' | 'erased';
  readonly made: string | null;
  readonly erased: string | null;
};

/**
 * Looks after the key file of a data folder, which opens what its log holds sealed. A gateway that runs takes what
 * is changed here within a second. No key is ever printed.
 */
export const keys: Command = async (args) => {
  const { options, positionals } = readCommandLine(args, {
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
  });
  const [action = '', name, ...rest] = positionals;
  if (rest.length > 0) throw new UsageError(`"${rest.join(' ')}" is one too many: ${USE}`);
  const act = actionOf(action, name);
  const { keys: folder } = dataLayout(options.data ?? settingsOrExit({ data }).data.folder);
  const keyring = await orFailed(act.run(folder));
  const listed = listedKeys(keyring);
  process.stdout.write(options.json ? `${JSON.stringify({ keys: listed })}\n` : tableOf(listed));
  if (act.said !== undefined) process.stderr.write(`${act.said(keyring)}\n`);
  return 0;
};

type Action = {
  readonly run: (folder: string) => Promise<Keyring>;
  readonly said?: (keyring: Keyring) => string;
};

/** Where several gateways share a log, each has a copy of the file. */
const COPIES = 'Other copies of this key file, of gateways on the same log, learn of it by: keys take FILE.';

function actionOf(action: string, name: string | undefined): Action {
  switch (action) {
    case 'list':
      return { run: readKeyring };
    case 'rotate':
      return {
        run: rotateKey,
        said: ({ current }) => `Key ${current} seals from now on; the others stay and open. ${COPIES}`,
      };
    case 'erase': {
      const id = named(name, 'the key, as keys list shows it');
      return {
        run: (folder) => eraseKey(folder, id),
        said: () =>
          `Key ${id} is erased: what it sealed can no longer be opened, unless a copy of the file is left. ${COPIES}`,
      };
    }
    case 'take': {
      const file = named(name, 'the other copy of the key file');
      return { run: (folder) => takeKeys(folder, file), said: ({ current }) => `Key ${current} seals now.` };
    }
    default:
      throw new UsageError(
        action === '' ? `There are: ${USE}` : `"${action}" is nothing that is done with keys: ${USE}`,
      );
  }
}

function named(name: string | undefined, what: string): string {
  if (name !== undefined) return name;
  throw new UsageError(`Name ${what}: ${USE}`);
}

async function orFailed<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof KeyringUnusable ? new CommandFailed(error.message) : error;
  }
}

function listedKeys({ current, keys, made, erased }: Keyring): readonly ListedKey[] {
  const written = (time: Micros | undefined) => (time === undefined ? null : formatMicros(time));
  const ids = [...new Set([...keys.keys(), ...erased.keys()])];
  return ids
    .sort((a, b) => (made.get(a) ?? 0) - (made.get(b) ?? 0))
    .map((id) => ({
      id,
      state: erased.has(id) ? 'erased' : id === current ? 'current' : 'kept',
      made: written(made.get(id)),
      erased: written(erased.get(id)),
    }));
}

function tableOf(listed: readonly ListedKey[]): string {
  const lines = listed.map(({ id, state, made, erased }) => {
    const since = made === null ? 'made before this was noted' : `made ${made}`;
    return `${id}  ${state.padEnd(7)}  ${since}${erased === null ? '' : `, erased ${erased}`}\n`;
  });
  return lines.join('');
}
