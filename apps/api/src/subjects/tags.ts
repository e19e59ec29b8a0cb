import type { IncomingMessage } from 'node:http';
import { variableName } from '@chargeproof/config';
import { KeyringUnusable } from '@chargeproof/keyring';
import { type Frontier, type SubjectRow, subjectsAt } from '@chargeproof/projections';
import { createOpener, createSealer, isStandIn, type SealingKeys } from '@chargeproof/record';
import type { Store } from '@chargeproof/tables';
import { GraphQLError } from 'graphql';
import { type Access, maySeeTags } from '../access/bearer.ts';
import { badInput } from '../asking/errors.ts';
import { lazy } from '../asking/lazy.ts';
import { type ClearText, clearText, hiddenText, openedText } from './clear-text.ts';

/** Reads the key file, anew each time: keys rotate and are erased. @throws KeyringUnusable */
export type ReadKeys = () => Promise<SealingKeys>;

/** Whose stand-ins are to be shown, as they were known where. */
export type ShownOf = {
  readonly store: Store;
  readonly tenant: string;
  readonly station?: readonly string[] | undefined;
  readonly standIns: readonly (string | null)[];
  readonly frontier: Frontier;
};
/** Tells what a station's stand-in stands for; null where there is none. */
export type Shown = (station: string, standIn: string | null) => Promise<ClearText | null>;

/** So many tags one question may ask for. */
const MOST_TAGS = 100;

/** Between tags and their stand-ins, both ways, with the key file and in memory only: nothing else gets a tag in clear. */
export class Tags {
  readonly #readKeys: ReadKeys | undefined;
  readonly #access: Access;

  /** @param readKeys absent where this process has no key file */
  constructor(readKeys: ReadKeys | undefined, access: Access) {
    this.#readKeys = readKeys;
    this.#access = access;
  }

  /**
   * What stands in the record for these tags, in any case of letters; a stand-in stands for itself.
   * @returns undefined where none were asked for
   * @throws GraphQLError naming the argument and the fix; it repeats no tag
   */
  async standInsOf(
    tags: readonly string[] | null | undefined,
    argument = 'filter.idTag',
  ): Promise<readonly string[] | undefined> {
    if (tags === null || tags === undefined) return undefined;
    if (tags.length > MOST_TAGS) throw badInput(argument, `takes at most ${MOST_TAGS} tags`);
    if (tags.every(isStandIn)) return tags;
    const keys = await this.#keys();
    if (keys instanceof KeyringUnusable) throw cannotSearch(keys);
    const sealer = createSealer(keys);
    return tags.map((tag) => (isStandIn(tag) ? tag : sealer.standIn('idTag', tag)));
  }

  /** The filter with stand-ins in the place of its tags. @throws as {@link standInsOf} */
  async inFilter<Filter extends { readonly idTag?: readonly string[] | null }>(
    filter: Filter | null | undefined,
  ): Promise<Filter | null | undefined> {
    const idTag = await this.standInsOf(filter?.idTag);
    return filter && idTag ? { ...filter, idTag } : filter;
  }

  /** What may be shown to whoever asks. Nothing is read before something is to be shown. */
  shownTo(request: IncomingMessage | undefined, of: ShownOf): Shown {
    const isAllowed = maySeeTags(this.#access, request?.headers.authorization);
    const opening = lazy(() => this.#opening(of));
    return async (station, standIn) => {
      if (standIn === null) return null;
      // What is no tag ("null", for one) is not sealed.
      if (!isStandIn(standIn)) return clearText(standIn);
      if (!isAllowed) return NOT_ALLOWED;
      return (await opening())(station, standIn);
    };
  }

  async #opening({ store, standIns, ...at }: ShownOf) {
    const wanted = [...new Set(standIns)].filter((each) => each !== null && isStandIn(each));
    const [rows, keys] = await Promise.all([subjectsAt(store, wanted as string[], at), this.#keys()]);
    if (keys instanceof KeyringUnusable) return () => hiddenText('KEY_MISSING', keys.message);
    const open = createOpener(keys);
    const byName = Map.groupBy(rows, ({ station, stand_in }) => nameOf(station, stand_in));
    return (station: string, standIn: string) => openedText(byName.get(nameOf(station, standIn)) ?? [], open);
  }

  async #keys(): Promise<SealingKeys | KeyringUnusable> {
    try {
      return (await this.#readKeys?.()) ?? new KeyringUnusable('this process has no key file');
    } catch (error) {
      if (error instanceof KeyringUnusable) return error;
      throw error;
    }
  }
}

/** Rows of one station and stand-in, in the order they came. */
const nameOf = (station: string, standIn: SubjectRow['stand_in']) => `${standIn} ${station}`;

const NOT_ALLOWED = hiddenText(
  'NOT_ALLOWED',
  `tags are shown to who sends the token that ${variableName('api', 'tagsToken')} sets`,
);

const cannotSearch = ({ message }: KeyringUnusable) =>
  new GraphQLError(
    `a tag cannot be searched here: ${message}; give this process the gateway's key file, in ${variableName('data', 'folder')}, or search by a stand-in`,
    { extensions: { code: 'UNAVAILABLE' } },
  );
