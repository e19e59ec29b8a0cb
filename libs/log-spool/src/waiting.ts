import { setTimeout as timer } from 'node:timers/promises';

/** Settles after that time, or when the signal aborts. */
export const passed = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
  timer(milliseconds, undefined, signal && { signal }).catch(() => undefined);

/** Settles as the work does, or after that time. */
export async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
  const done = new AbortController();
  await Promise.race([work, passed(milliseconds, done.signal)]).finally(() => {
    done.abort();
  });
}

export const aborted = (signal: AbortSignal): Promise<undefined> =>
  new Promise((resolve) => {
    const settle = () => {
      resolve(undefined);
    };
    if (signal.aborted) settle();
    else signal.addEventListener('abort', settle, { once: true });
  });
