import { type FrameRow, framesById, formatFrontier, type Frontier } from '@chargeproof/projections';
import type { RecordId, Subject } from '@chargeproof/record';
import type { Store } from '@chargeproof/tables';
import { Batcher } from './batcher.ts';
import { resolveFrontier } from './read-at.ts';

/** One record of a station, as it was known at a frontier. */
export type RecordWanted = Subject & { readonly id: RecordId; readonly frontier: Frontier };

/** What the parts of one request share: the positions they are answered at, and what they read together. */
export class Asked {
  readonly store: Store;
  readonly #frontiers = new Map<string | undefined, Promise<Frontier>>();
  readonly #frames: Batcher<RecordWanted, FrameRow | undefined>;

  constructor(store: Store) {
    this.store = store;
    this.#frames = new Batcher((wanted) => this.#readFrames(wanted));
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

  async #readFrames(wanted: readonly RecordWanted[]): Promise<readonly (FrameRow | undefined)[]> {
    const found = new Map<RecordWanted, FrameRow | undefined>();
    for (const { tenant, frontier, some } of byAnswer(wanted)) {
      const ids = [...new Set(some.map(({ id }) => id))];
      const stations = [...new Set(some.map(({ station }) => station))];
      const frames = await framesById(this.store, { tenant, stations, ids, frontier });
      for (const one of some) found.set(one, frames.get(one.id));
    }
    return wanted.map((one) => found.get(one));
  }
}

type OfAnswer = { readonly tenant: string; readonly frontier: Frontier; readonly some: RecordWanted[] };

/** What can be read in one query: of one tenant, at the same positions. */
function byAnswer(wanted: readonly RecordWanted[]): Iterable<OfAnswer> {
  const groups = new Map<string, OfAnswer>();
  for (const one of wanted) {
    const { tenant, frontier } = one;
    const name = `${formatFrontier(frontier)} ${tenant}`;
    const group = groups.get(name) ?? { tenant, frontier, some: [] };
    groups.set(name, group);
    group.some.push(one);
  }
  return groups.values();
}

/** GraphQL's context of one request. */
export type AskedContext = { readonly asked: Asked };
