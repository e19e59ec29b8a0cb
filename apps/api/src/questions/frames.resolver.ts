import {
  formatFrontier,
  frames,
  FRAMES_ORDER,
  framesByStation,
  type StationFrames,
} from '@chargeproof/projections';
import { Inject } from '@nestjs/common';
import { Args, Context, Query, Resolver } from '@nestjs/graphql';
import { toFrame } from '../answers/frame.ts';
import type { AskedContext } from '../asking/asked.ts';
import { type ListArguments, pageRequest, toConnection } from '../asking/list.ts';
import { Tags } from '../subjects/tags.ts';
import { type FrameFilterInput, toFrameFilter } from './frame-filter.ts';

type FramesArguments = ListArguments & { readonly filter?: FrameFilterInput | null };

@Resolver()
export class FramesResolver {
  readonly #tags: Tags;

  constructor(@Inject(Tags) tags: Tags) {
    this.#tags = tags;
  }

  @Query('frames')
  async frames(@Args() { filter: input, ...list }: FramesArguments, @Context() { asked }: AskedContext) {
    const filter = toFrameFilter(await this.#tags.inFilter(input));
    const page = await frames(asked.store, { filter, ...(await pageRequest(asked, FRAMES_ORDER, list)) });
    return toConnection(
      page,
      (row) => toFrame(asked, row, page.frontier),
      async () => total(await framesByStation(asked.store, filter, page.frontier)),
    );
  }

  @Query('frameCounts')
  async frameCounts(
    @Args() { filter: input, asOf }: Pick<FramesArguments, 'filter' | 'asOf'>,
    @Context() { asked }: AskedContext,
  ) {
    const frontier = await asked.at(asOf);
    const byStation = await framesByStation(
      asked.store,
      toFrameFilter(await this.#tags.inFilter(input)),
      frontier,
    );
    return { total: total(byStation), byStation, readAt: formatFrontier(frontier) };
  }
}

const total = (counts: readonly StationFrames[]) =>
  counts.reduce((sum, { frames: count }) => sum + BigInt(count), 0n);
