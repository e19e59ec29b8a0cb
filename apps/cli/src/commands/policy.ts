import { userInfo } from 'node:os';
import { text } from 'node:stream/consumers';
import { DEFAULT_TENANT } from '@chargeproof/record';
import type { Endpoint } from '../asking/graphql-response.ts';
import { askPlatform, DECIDING_OPTIONS } from '../asking/platform.ts';
import type { Command } from '../command.ts';
import type { Deciding } from '../deciding/asking.ts';
import { otherStationsSet, stationRemoved, stationSet, stationsListed } from '../deciding/stations.ts';
import { otherTagsSet, tagRemoved, tagSet, tagsListed, tagsReplaced } from '../deciding/tags.ts';
import { told } from '../deciding/told.ts';
import { readCommandLine, secondsIn, UsageError } from '../options.ts';

const OPTIONS = {
  ...DECIDING_OPTIONS,
  expires: { type: 'string' },
  parent: { type: 'string' },
  concurrent: { type: 'boolean' },
  interval: { type: 'string' },
} as const;
type Options = ReturnType<typeof readCommandLine<typeof OPTIONS>>['options'];

/** What a verb is given: its words behind it, and who asks. */
type Given = { readonly words: readonly string[]; readonly by: Deciding; readonly options: Options };
type Verb = {
  /** How many words it takes, at least and at most. */
  readonly takes: readonly [least: number, most: number];
  readonly ask: (endpoint: Endpoint, given: Given) => Promise<object>;
};

/** Of others: nothing is decided of them any more. */
const NOTHING = 'nothing';

const VERBS: Readonly<Record<string, Verb>> = {
  'tags list': {
    takes: [0, 100],
    ask: (endpoint, { words, by }) => tagsListed(endpoint, by.tenant, words),
  },
  'tags set': {
    takes: [2, 2],
    ask: (endpoint, { words: [idTag = '', status = ''], by, options }) => {
      const info = {
        ...(options.expires !== undefined && { expiryDate: options.expires }),
        ...(options.parent !== undefined && { parentIdTag: options.parent }),
        ...(options.concurrent === true && { concurrentTransactions: true }),
      };
      return tagSet(endpoint, by, { idTag, status, info });
    },
  },
  'tags remove': {
    takes: [1, 1],
    ask: (endpoint, { words: [idTag = ''], by }) => tagRemoved(endpoint, by, idTag),
  },
  'tags others': {
    takes: [1, 1],
    ask: (endpoint, { words: [status], by }) =>
      otherTagsSet(endpoint, by, status === NOTHING ? undefined : status),
  },
  'tags replace': {
    takes: [1, 1],
    ask: (endpoint, { words: [file = ''], by }) => tagsReplaced(endpoint, by, file),
  },
  'stations list': {
    takes: [0, 100],
    ask: (endpoint, { words, by }) => stationsListed(endpoint, by.tenant, words),
  },
  'stations set': {
    takes: [2, 2],
    ask: (endpoint, { words: [station = '', status = ''], by, options }) =>
      stationSet(endpoint, by, station, { status, interval: intervalOf(options) }),
  },
  'stations remove': {
    takes: [1, 1],
    ask: (endpoint, { words: [station = ''], by }) => stationRemoved(endpoint, by, station),
  },
  'stations others': {
    takes: [1, 1],
    ask: (endpoint, { words: [status = ''], by, options }) =>
      otherStationsSet(
        endpoint,
        by,
        status === NOTHING ? undefined : { status, interval: intervalOf(options) },
      ),
  },
};

/** Decides who may boot and charge where stations are answered here, and tells what holds. */
export const policy: Command = async (args) => {
  const { options, positionals } = readCommandLine(args, OPTIONS);
  const [area = '', name = '', ...words] = positionals;
  const verb = Object.hasOwn(VERBS, `${area} ${name}`) ? VERBS[`${area} ${name}`] : undefined;
  if (verb === undefined || words.length < verb.takes[0] || words.length > verb.takes[1])
    throw new UsageError(
      'There are: policy tags list [TAG…] | set TAG STATUS | remove TAG | others STATUS | replace FILE, policy stations list [STATION…] | set STATION STATUS | remove STATION | others STATUS',
    );
  const by = {
    tenant: options.tenant ?? DEFAULT_TENANT,
    actor: options.actor ?? userInfo().username,
    ...(options.reason !== undefined && { reason: options.reason }),
  };
  const given = { words: await withTyped(area, name, words), by, options };
  const answer = await askPlatform(options, (endpoint) => verb.ask(endpoint, given));
  process.stdout.write(options.json === true ? `${JSON.stringify(answer)}\n` : told(answer));
  return 0;
};

/** A tag that is `-` is on stdin: arguments are seen by whoever lists this machine's processes, and kept by shells. */
async function withTyped(area: string, name: string, words: readonly string[]): Promise<readonly string[]> {
  const [first, ...rest] = words;
  if (area !== 'tags' || name === 'replace' || first !== '-') return words;
  const [typed = ''] = (await text(process.stdin)).split(/\r?\n/);
  if (typed === '') throw new UsageError('- reads a tag from stdin, and there was none');
  return [typed, ...rest];
}

const intervalOf = ({ interval }: Options) =>
  interval === undefined ? undefined : secondsIn('interval', interval);
