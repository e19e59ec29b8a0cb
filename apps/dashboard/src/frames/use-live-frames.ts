import { useApolloClient } from '@apollo/client/react';
import { useEffect, useEffectEvent, useState } from 'react';
import { follow } from '../asking/follow.ts';
import { type FrameFilter, type FrameLineFragment, FrameRecordedDocument } from '../questions/generated.ts';

/** More than anybody reads; what is older stands in the list below. */
const MOST = 200;

export type LiveFrames = {
  /** Arrived since the list was asked for, newest first. */
  readonly arrived: readonly FrameLineFragment[];
  readonly isPaused: boolean;
  /** Arrived while it is paused. */
  readonly waiting: number;
  readonly toggle: () => void;
};

/** Frames as they arrive. While it is paused they wait, so that what is read stays where it is. */
export function useLiveFrames(filter: FrameFilter, isLive: boolean): LiveFrames {
  const client = useApolloClient();
  const wanted = JSON.stringify(filter);
  const [frames, setFrames] = useState<readonly FrameLineFragment[]>([]);
  const [shownSince, setShownSince] = useState<number>();
  const onFrame = useEffectEvent((frame: FrameLineFragment) => {
    setFrames((before) => [frame, ...before].slice(0, MOST));
    if (shownSince !== undefined) setShownSince(shownSince + 1);
  });

  useEffect(() => {
    if (!isLive) return undefined;
    const variables = { filter: JSON.parse(wanted) as FrameFilter };
    return follow(client, FrameRecordedDocument, variables, ({ frameRecorded }) => {
      onFrame(frameRecorded);
    });
  }, [client, wanted, isLive]);

  return {
    arrived: shownSince === undefined ? frames : frames.slice(Math.min(shownSince, MOST)),
    isPaused: shownSince !== undefined,
    waiting: shownSince ?? 0,
    toggle: () => {
      setShownSince(shownSince === undefined ? 0 : undefined);
    },
  };
}
