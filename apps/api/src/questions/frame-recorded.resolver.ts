import { Inject } from '@nestjs/common';
import { Args, Context, Resolver, Subscription } from '@nestjs/graphql';
import { type FrameAnswer, toFrame } from '../answers/frame.ts';
import type { AskedContext } from '../asking/asked.ts';
import { type FrameAt, FrameTail } from '../live/frame-tail.ts';
import { Tags } from '../subjects/tags.ts';
import { type FrameFilterInput, toFrameFilter } from './frame-filter.ts';

type Recorded = { readonly frameRecorded: FrameAnswer };

@Resolver()
export class FrameRecordedResolver {
  readonly #tail: FrameTail;
  readonly #tags: Tags;

  constructor(@Inject(FrameTail) tail: FrameTail, @Inject(Tags) tags: Tags) {
    this.#tail = tail;
    this.#tags = tags;
  }

  @Subscription('frameRecorded')
  async frameRecorded(
    @Args('filter') input: FrameFilterInput | null | undefined,
    @Context() { asked }: AskedContext,
  ): Promise<AsyncIterableIterator<Recorded>> {
    const frames = await this.#tail.follow(toFrameFilter(await this.#tags.inFilter(input)));
    const answer = ({ row, frontier }: FrameAt) => ({ frameRecorded: toFrame(asked, row, frontier) });
    return mapped(frames, answer);
  }
}

/** As a generator would, but `return` reaches a source that is waiting. */
function mapped<From, To>(
  source: AsyncIterator<From, undefined>,
  to: (from: From) => To,
): AsyncIterableIterator<To> {
  return {
    async next() {
      const result = await source.next();
      return result.done ? result : { done: false, value: to(result.value) };
    },
    async return() {
      await source.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
