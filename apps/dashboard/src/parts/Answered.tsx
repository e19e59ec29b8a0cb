import type { ReactNode } from 'react';
import type { Answer } from '../asking/use-answer.ts';
import { Failure } from './Failure.tsx';
import { Loading } from './Loading.tsx';

type Props<Data> = {
  readonly answer: Answer<Data>;
  /** What is asked for, in words. */
  readonly what: string;
  /** Lines of room that are kept for it. */
  readonly lines?: number;
  readonly children: (data: Data) => ReactNode;
};

/** An answer, once there is one; until then its room, and what went wrong above it. */
export function Answered<Data>({ answer, what, lines = 6, children }: Props<Data>) {
  const { data, error, isFirst, again } = answer;
  return (
    <>
      {error && <Failure error={error} again={again} />}
      {isFirst && <Loading what={what} lines={lines} />}
      {data !== undefined && children(data)}
    </>
  );
}
