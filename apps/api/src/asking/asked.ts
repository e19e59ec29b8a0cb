import type { IncomingMessage } from 'node:http';
import {
  type CompletenessEntry,
  completenessOfPeriod,
  formatFrontier,
  type FrameRow,
  type FramesById,
  framesById,
  type Frontier,
  type PeriodQuestion,
  sameAsAt,
} from '@chargeproof/projections';
import type { RecordId, Subject } from '@chargeproof/record';
import type { Store } from '@chargeproof/tables';
import { Batcher } from './batcher.ts';
import { lazyBy } from './lazy.ts';
import { resolveFrontier } from './read-at.ts';

/** One record of a station, as it was known at a frontier. */
export type RecordWanted = Subject & { readonly id: RecordId; readonly frontier: Frontier };

/** What the parts of one request share: the positions they are answered at, and what they read together. */
export class Asked {
  readonly store: Store;
  /** How whole the record behind an answer is: read once for all figures of one period that ask for it. */
  readonly completeness: (question: PeriodQuestion) => Promise<readonly CompletenessEntry[]>;
  readonly #frontiers = new Map<string | undefined, Promise<Frontier>>();
  readonly #frames: Batcher<RecordWanted, FrameRow | undefined>;
  readonly #sameAs: Batcher<RecordWanted, RecordId | undefined>;

  constructor(store: Store) {
    this.store = store;
    this.completeness = lazyBy((question: PeriodQuestion) => completenessOfPeriod(store, question));
    this.#frames = new Batcher((wanted) => together(wanted, (some) => framesById(store, some)));
    this.#sameAs = new Batcher((wanted) => together(wanted, (some) => sameAsAt(store, some)));
  }

  /** The positions of `asOf`: resolved once, so that all parts of a request agree. */
  at(asOf: string | null | undefined): Promise<Frontier> {
    const named = asOf ?? undefined;
    const known = this.#frontiers.get(named);
    if (known !== undefined) return known;
    const resolved = resolveFrontier(this.store, named);
    this.#frontiers.set(named, resolved);
    return resolved;
  }

  /** The record as a frame; undefined where it is none, or is not known. */
  frame(wanted: RecordWanted): Promise<FrameRow | undefined> {
    return this.#frames.load(wanted);
  }

  /** The live frame that an imported one is; undefined where it is none. */
  sameAs(wanted: RecordWanted): Promise<RecordId | undefined> {
    return this.#sameAs.load(wanted);
  }
}

/** GraphQL's context of one request. */
export type AskedContext = {
  readonly asked: Asked;
  /** What was asked with over HTTP; absent over a socket. */
  readonly request?: IncomingMessage;
};

/** Reads what is wanted in one query for each tenant and frontier. */
async function together<Given>(
  wanted: readonly RecordWanted[],
  read: (some: FramesById) => Promise<ReadonlyMap<RecordId, Given>>,
): Promise<readonly (Given | undefined)[]> {
  const found = new Map<RecordWanted, Given | undefined>();
  const groups = Map.groupBy(wanted, ({ tenant, frontier }) => `${formatFrontier(frontier)} ${tenant}`);
  for (const group of groups.values()) {
    const [one] = group;
    if (one === undefined) continue;
    const { tenant, frontier } = one;
    const ids = [...new Set(group.map(({ id }) => id))];
    const stations = [...new Set(group.map(({ station }) => station))];
    const given = await read({ tenant, stations, ids, frontier });
    for (const each of group) found.set(each, given.get(each.id));
  }
  return wanted.map((each) => found.get(each));
}
