import { formatFrontier, frameList, framesByStation } from '@chargeproof/projections';
import { Inject } from '@nestjs/common';
import { Args, Context, Query, Resolver } from '@nestjs/graphql';
import { toFrame } from '../answers/frame.ts';
import type { AskedContext } from '../asking/asked.ts';
import { answerList, type ListArguments } from '../asking/list.ts';
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
    return answerList(asked, frameList, { ...list, filter }, ({ rows, frontier }) =>
      rows.map((row) => toFrame(asked, row, frontier)),
    );
  }

  @Query('frameCounts')
  async frameCounts(
    @Args() { filter: input, asOf }: Pick<FramesArguments, 'filter' | 'asOf'>,
    @Context() { asked }: AskedContext,
  ) {
    const frontier = await asked.at(asOf);
    const filter = toFrameFilter(await this.#tags.inFilter(input));
    const byStation = await framesByStation(asked.store, filter, frontier);
    const total = byStation.reduce((sum, { frames }) => sum + BigInt(frames), 0n);
    return { total, byStation, readAt: formatFrontier(frontier) };
  }
}
