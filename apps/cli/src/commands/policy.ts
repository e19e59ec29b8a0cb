import { userInfo } from 'node:os';
import { ID_TAG_STATUSES, REGISTRATIONS } from '@chargeproof/central-system';
import { DEFAULT_TENANT, formatMicros } from '@chargeproof/record';
import type { Endpoint } from '../asking/graphql-response.ts';
import { askPlatform, DECIDING_OPTIONS } from '../asking/platform.ts';
import type { Command } from '../command.ts';
import type { Deciding } from '../deciding/asking.ts';
import { otherStationsSet, stationRemoved, stationSet, stationsListed } from '../deciding/stations.ts';
import { otherTagsSet, tagRemoved, tagSet, tagsListed, tagsReplaced } from '../deciding/tags.ts';
import { told } from '../deciding/told.ts';
import { readCommandLine, secondsIn, UsageError } from '../options.ts';
import { timeIn } from '../times.ts';
import { typedLines } from '../typed.ts';

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
  /** The words it takes; one that ends in … may be left out, or given up to 100 times. */
  readonly takes: string;
  readonly ask: (endpoint: Endpoint, given: Given) => Promise<object>;
};

/** So many the API takes in one list. */
const MOST_WORDS = 100;
/** Of others: nothing is decided of them any more. */
const NOTHING = 'nothing';

const VERBS: Readonly<Record<string, Verb>> = {
  'tags list': {
    takes: 'TAG…',
    ask: (endpoint, { words, by }) => tagsListed(endpoint, by.tenant, words),
  },
  'tags set': {
    takes: 'TAG STATUS',
    ask: (endpoint, { words: [idTag = '', status = ''], by, options }) => {
      const info = {
        ...(options.expires !== undefined && {
          expiryDate: formatMicros(timeIn('expires', options.expires)),
        }),
        ...(options.parent !== undefined && { parentIdTag: options.parent }),
        ...(options.concurrent === true && { concurrentTransactions: true }),
      };
      return tagSet(endpoint, by, { idTag, status: tagStatus(status), info });
    },
  },
  'tags remove': {
    takes: 'TAG',
    ask: (endpoint, { words: [idTag = ''], by }) => tagRemoved(endpoint, by, idTag),
  },
  'tags others': {
    takes: 'STATUS',
    ask: (endpoint, { words: [status = ''], by }) =>
      otherTagsSet(endpoint, by, status === NOTHING ? undefined : tagStatus(status, NOTHING)),
  },
  'tags replace': {
    takes: 'FILE',
    ask: (endpoint, { words: [file = ''], by }) => tagsReplaced(endpoint, by, file),
  },
  'stations list': {
    takes: 'STATION…',
    ask: (endpoint, { words, by }) => stationsListed(endpoint, by.tenant, words),
  },
  'stations set': {
    takes: 'STATION STATUS',
    ask: (endpoint, { words: [station = '', status = ''], by, options }) =>
      stationSet(endpoint, by, station, { status: registration(status), interval: intervalOf(options) }),
  },
  'stations remove': {
    takes: 'STATION',
    ask: (endpoint, { words: [station = ''], by }) => stationRemoved(endpoint, by, station),
  },
  'stations others': {
    takes: 'STATUS',
    ask: (endpoint, { words: [status = ''], by, options }) =>
      otherStationsSet(
        endpoint,
        by,
        status === NOTHING
          ? undefined
          : { status: registration(status, NOTHING), interval: intervalOf(options) },
      ),
  },
};

/** One of a list's words, in any case of letters. @throws UsageError with all of them */
const wordIn =
  (whose: string, statuses: readonly string[]) =>
  (word: string, ...more: readonly string[]) => {
    const found = statuses.find((status) => status.toLowerCase() === word.toLowerCase());
    if (found !== undefined) return found;
    throw new UsageError(`a ${whose} is ${[...statuses, ...more].join(', ')}, not "${word}"`);
  };
const tagStatus = wordIn('tag', ID_TAG_STATUSES);
const registration = wordIn('station', REGISTRATIONS);

/** Decides who may boot and charge where stations are answered here, and tells what holds. */
export const policy: Command = async (args) => {
  const { options, positionals } = readCommandLine(args, OPTIONS);
  const [area = '', name = '', ...words] = positionals;
  const verb = verbNamed(`${area} ${name}`, words);
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

/** @throws UsageError with all there are, or with what this one takes */
function verbNamed(asked: string, { length }: readonly string[]): Verb {
  const verb = Object.hasOwn(VERBS, asked) ? VERBS[asked] : undefined;
  if (verb === undefined) {
    const all = Object.entries(VERBS).map(([name, { takes }]) => `${name} ${takes}`);
    throw new UsageError(`There are: policy ${all.join(' | ')}`);
  }
  const isRight = verb.takes.endsWith('…') ? length <= MOST_WORDS : length === verb.takes.split(' ').length;
  if (!isRight) throw new UsageError(`policy ${asked} takes ${verb.takes}`);
  return verb;
}

/** A tag that is `-` is on stdin. */
async function withTyped(area: string, name: string, words: readonly string[]): Promise<readonly string[]> {
  const [first, ...rest] = words;
  if (area !== 'tags' || name === 'replace' || first !== '-') return words;
  const [typed = ''] = await typedLines('a tag');
  return [typed, ...rest];
}

const intervalOf = ({ interval }: Options) =>
  interval === undefined ? undefined : secondsIn('interval', interval);
