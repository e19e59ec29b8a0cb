import { setTimeout as pause } from 'node:timers/promises';
import type { Connection } from './connection.ts';

/** The rest of the time is for answers that are due when the last one's turn comes. */
const SHARE_OF_TURNS = 3 / 4;
const STEP_MILLISECONDS = 50;

/**
 * Lets connections end one after the other, evenly over the time, so that who takes them in meets no crowd. Each
 * ends where none of its CALLs waits for an answer.
 * @throws AbortError when somebody has no more patience
 */
export async function takeLeave(
  connections: readonly Pick<Connection, 'leave'>[],
  leave: { readonly code: number; readonly reason: string },
  { milliseconds, signal }: { readonly milliseconds: number; readonly signal: AbortSignal },
): Promise<void> {
  const began = performance.now();
  const turn = (milliseconds * SHARE_OF_TURNS) / connections.length;
  for (let next = 0; next < connections.length;) {
    const due = Math.floor((performance.now() - began) / turn) + 1;
    for (const connection of connections.slice(next, due)) connection.leave(leave.code, leave.reason);
    next = Math.max(next, due);
    if (next < connections.length) await pause(Math.max(STEP_MILLISECONDS, turn), undefined, { signal });
  }
}
