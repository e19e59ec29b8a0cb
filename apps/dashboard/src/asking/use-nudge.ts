import { useApolloClient } from '@apollo/client/react';
import { useEffect, useEffectEvent } from 'react';
import type { FrameFilter } from '../questions/generated.ts';
import { FrameNudgeDocument } from '../questions/generated.ts';
import { follow } from './follow.ts';

/** Milliseconds between two askings at least, however fast frames arrive; and at most, because time goes on. */
const LEAST = 2000;
const MOST = 15_000;

/** Calls when frames have arrived, throttled, and four times a minute; not while nobody looks at the page. */
export function useNudge(filter: FrameFilter, isLive: boolean, nudged: () => void, least = LEAST): void {
  const client = useApolloClient();
  const onNudge = useEffectEvent(nudged);
  const wanted = JSON.stringify(filter);
  useEffect(() => {
    if (!isLive) return undefined;
    const throttle = throttled(() => {
      onNudge();
    }, least);
    const leave = follow(
      client,
      FrameNudgeDocument,
      { filter: JSON.parse(wanted) as FrameFilter },
      throttle.call,
    );
    // Between the answer and the subscription something may have come, of which nobody tells.
    throttle.call();
    const timer = setInterval(throttle.call, MOST);
    document.addEventListener('visibilitychange', throttle.call);
    return () => {
      leave();
      clearInterval(timer);
      document.removeEventListener('visibilitychange', throttle.call);
      throttle.end();
    };
  }, [client, wanted, isLive, least]);
}

function throttled(act: () => void, least: number) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    call: () => {
      if (document.hidden) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        act();
      }, least);
    },
    end: () => {
      clearTimeout(timer);
    },
  };
}
