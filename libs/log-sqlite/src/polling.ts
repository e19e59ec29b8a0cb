import type { EventEmitter } from 'node:events';

/** Between two looks at the files: short while records come, longer when none have for a while. */
const SHORTEST_MILLISECONDS = 5;
const LONGEST_MILLISECONDS = 25;
const GROWTH = 1.5;

/** Settles when `hasChanged` holds: looked at now, at every `append` event, and every few milliseconds; or on abort. */
export async function waitForChange(
  hasChanged: () => boolean,
  events: EventEmitter,
  signal: AbortSignal,
): Promise<void> {
  let wait = SHORTEST_MILLISECONDS;
  while (!signal.aborted && !hasChanged()) {
    await pause(wait, events, signal);
    wait = Math.min(wait * GROWTH, LONGEST_MILLISECONDS);
  }
}

function pause(milliseconds: number, events: EventEmitter, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      events.off('append', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    events.on('append', done);
    signal.addEventListener('abort', done);
  });
}
