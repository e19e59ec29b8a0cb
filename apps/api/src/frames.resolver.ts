import {
  type FrameFilter,
  type FrameRow,
  framesByStation,
  frames,
  cursorOf,
  bytesOf,
  formatCursor,
  formatFrontier,
  type Frontier,
  parseCursor,
} from '@chargeproof/projections';
import type { Direction, Micros } from '@chargeproof/record';
import type { Store } from '@chargeproof/tables';
import { Inject } from '@nestjs/common';
import { Args, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { badInput } from './errors.ts';
import { requireReached, resolveFrontier } from './read-at.ts';
import { STORE } from './tokens.ts';

const MAX_PAGE = 500;

type FilterInput = Omit<FrameFilter, 'tenant' | 'direction'> & {
  tenant?: string;
  direction?: keyof typeof DIRECTIONS;
};
type FramesArgs = { filter?: FilterInput | null; first: number; after?: string | null; asOf?: string | null };
type Page = {
  readonly rows: readonly FrameRow[];
  readonly hasNextPage: boolean;
  readonly filter: FrameFilter;
  readonly frontier: Frontier;
};

const DIRECTIONS = {
  STATION_TO_CSMS: 'station-to-csms',
  CSMS_TO_STATION: 'csms-to-station',
} as const satisfies Record<string, Direction>;

@Resolver('FrameConnection')
export class FramesResolver {
  readonly #store: Store;

  constructor(@Inject(STORE) store: Store) {
    this.#store = store;
  }

  @Query('frames')
  async frames(@Args() { filter, first, after, asOf }: FramesArgs): Promise<Page> {
    if (first < 1 || first > MAX_PAGE) throw badInput('first', `is from 1 to ${MAX_PAGE}, not ${first}`);
    const cursor = typeof after === 'string' ? parseCursor(after) : undefined;
    if (typeof after === 'string' && cursor === undefined)
      throw badInput('after', 'is no cursor of this API; take an endCursor it gave');
    const frontier = cursor
      ? await requireReached(this.#store, cursor.frontier, 'after')
      : await resolveFrontier(this.#store, asOf);
    const wanted = toFilter(filter ?? {});
    const rows = await frames(this.#store, { filter: wanted, frontier, first, after: cursor });
    return { rows: rows.slice(0, first), hasNextPage: rows.length > first, filter: wanted, frontier };
  }

  @Query('frameCounts')
  async frameCounts(@Args() { filter, asOf }: Pick<FramesArgs, 'filter' | 'asOf'>) {
    const frontier = await resolveFrontier(this.#store, asOf);
    const byStation = await framesByStation(this.#store, toFilter(filter ?? {}), frontier);
    return { total: total(byStation), byStation, readAt: formatFrontier(frontier) };
  }

  @ResolveField()
  nodes(@Parent() { rows }: Page): readonly FrameRow[] {
    return rows;
  }

  @ResolveField()
  edges(@Parent() { rows, frontier }: Page) {
    return rows.map((node) => ({ node, cursor: formatCursor(cursorOf(node, frontier)) }));
  }

  @ResolveField()
  pageInfo(@Parent() { rows, hasNextPage, frontier }: Page) {
    const last = rows.at(-1);
    return { hasNextPage, endCursor: last ? formatCursor(cursorOf(last, frontier)) : null };
  }

  @ResolveField()
  async totalCount(@Parent() { filter, frontier }: Page): Promise<bigint> {
    return total(await framesByStation(this.#store, filter, frontier));
  }

  @ResolveField()
  readAt(@Parent() { frontier }: Page): string {
    return formatFrontier(frontier);
  }
}

@Resolver('Frame')
export class FrameResolver {
  @ResolveField()
  time(@Parent() frame: FrameRow): Micros {
    return Number(frame.time_us);
  }

  @ResolveField()
  loggedAt(@Parent() frame: FrameRow): Micros {
    return Number(frame.logged_at_us);
  }

  @ResolveField()
  direction(@Parent() { direction }: FrameRow): string | null {
    return direction === '' ? null : direction.toUpperCase().replaceAll('-', '_');
  }

  @ResolveField()
  kind(@Parent() { kind }: FrameRow): string {
    return kind.toUpperCase().replaceAll('-', '_');
  }

  @ResolveField()
  messageId(@Parent() frame: FrameRow): string | null {
    return frame.message_id || null;
  }

  @ResolveField()
  action(@Parent() { action }: FrameRow): string | null {
    return action || null;
  }

  @ResolveField()
  fault(@Parent() { fault }: FrameRow): string | null {
    return fault || null;
  }

  @ResolveField()
  text(@Parent() { value, encoding }: FrameRow): string | null {
    return encoding === 'utf-8' ? value : null;
  }

  @ResolveField()
  bytes(@Parent() frame: FrameRow): Uint8Array {
    return bytesOf(frame);
  }

  @ResolveField()
  position(@Parent() frame: FrameRow) {
    return { partition: frame.log_partition, offset: frame.log_offset };
  }
}

function toFilter({ tenant = 'default', direction, ...rest }: FilterInput): FrameFilter {
  const given = Object.fromEntries(Object.entries<unknown>(rest).filter(([, value]) => value !== null));
  return { ...given, tenant, ...(direction && { direction: DIRECTIONS[direction] }) };
}

const total = (counts: readonly { readonly frames: string }[]) =>
  counts.reduce((sum, { frames }) => sum + BigInt(frames), 0n);
