import {
  type FrameFilter,
  type FramePredicate,
  type FrameRow,
  framesBetween,
  type Frontier,
  frontierNow,
  formatFrontier,
  loggedSince,
  type SortKey,
  sortKeyOf,
  TAIL_ORDER,
  toPredicate,
} from '@chargeproof/projections';
import type { Store } from '@chargeproof/tables';
import { GraphQLError } from 'graphql';
import { Subscriber } from './subscriber.ts';

/** A frame, and positions at which it is known. */
export type FrameAt = { readonly row: FrameRow; readonly frontier: Frontier };
/** Calls the listener whenever there may be more in the store; @returns what ends that. */
export type Commits = (listener: () => void) => () => void;

type Follower = {
  readonly tenant: string;
  readonly holds: FramePredicate;
  readonly told: Subscriber<FrameAt>;
};

export type TailOptions = {
  /** Frames read and told in one go, and how many may wait for one subscriber. */
  readonly pageRows: number;
  readonly mostWaiting: number;
  /** Milliseconds that all others wait for one who does not read. */
  readonly patienceMs: number;
};
export const TAIL_DEFAULTS: TailOptions = { pageRows: 500, mostWaiting: 1000, patienceMs: 5000 };

/**
 * Tells of frames once their rows are in the tables: reads what became known between two frontiers,
 * once for all who follow. While nobody does, it does nothing.
 */
export class FrameTail {
  readonly #store: Store;
  readonly #commits: Commits;
  readonly #options: TailOptions;
  readonly #followers = new Set<Follower>();
  #seen: Promise<Frontier> | undefined;
  #silence: (() => void) | undefined;
  #running = false;
  #again = false;

  constructor(store: Store, commits: Commits, options: Partial<TailOptions> = {}) {
    this.#store = store;
    this.#commits = commits;
    this.#options = { ...TAIL_DEFAULTS, ...options };
  }

  /** Resolves when everything that comes from now on will be told. */
  async follow(filter: FrameFilter): Promise<Subscriber<FrameAt>> {
    const told = new Subscriber<FrameAt>(this.#options.mostWaiting, () => {
      this.#leave(follower);
    });
    const follower: Follower = { tenant: filter.tenant, holds: toPredicate(filter), told };
    this.#followers.add(follower);
    this.#seen ??= frontierNow(this.#store);
    this.#silence ??= this.#commits(() => void this.#wake());
    try {
      await this.#seen;
    } catch (error) {
      told.end();
      throw error;
    }
    return told;
  }

  #leave(follower: Follower): void {
    this.#followers.delete(follower);
    if (this.#followers.size > 0) return;
    this.#silence?.();
    this.#silence = undefined;
    this.#seen = undefined;
  }

  async #wake(): Promise<void> {
    this.#again = true;
    if (this.#running) return;
    this.#running = true;
    while (this.#again && this.#followers.size > 0) {
      this.#again = false;
      await this.#advance().catch((error: unknown) => {
        this.#endAll(error);
      });
    }
    this.#running = false;
  }

  async #advance(): Promise<void> {
    const before = await this.#seen;
    if (before === undefined) return;
    const now = await frontierNow(this.#store);
    if (formatFrontier(now) === formatFrontier(before)) return;
    await this.#tellBetween(before, now);
    if (this.#seen !== undefined) this.#seen = Promise.resolve(now);
  }

  async #tellBetween(before: Frontier, now: Frontier): Promise<void> {
    const since = await loggedSince(this.#store, before, now);
    let behind: SortKey | undefined;
    for (let more = true; more && this.#followers.size > 0;) {
      const tenants = [...new Set([...this.#followers].map(({ tenant }) => tenant))];
      const first = this.#options.pageRows;
      const page = await framesBetween(this.#store, { tenants, before, now, since, first, behind });
      for (const row of page.rows) this.#tell({ row, frontier: now });
      await Promise.all([...this.#followers].map(({ told }) => told.ready(this.#options.patienceMs)));
      const last = page.rows.at(-1);
      behind = last && sortKeyOf(TAIL_ORDER, last);
      more = page.hasNextPage;
    }
  }

  #tell(frame: FrameAt): void {
    for (const { holds, told } of this.#followers) if (holds(frame.row)) told.tell(frame);
  }

  #endAll(cause: unknown): void {
    const error = new GraphQLError('the store does not answer', { originalError: cause as Error });
    for (const { told } of this.#followers) told.end(error);
  }
}

/** For a store into which another process folds: looks now and then. */
export const every =
  (milliseconds: number): Commits =>
  (listener) => {
    const timer = setInterval(listener, milliseconds);
    return () => {
      clearInterval(timer);
    };
  };
