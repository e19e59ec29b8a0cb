import { setTimeout as pause } from 'node:timers/promises';
import { type Managed, type Ready, StartFailed } from './processes.ts';

export type Keeping = {
  /** Starts it. What it said at its first start is given at the others, which have to be found at the same place. */
  readonly start: (first?: Ready) => Promise<Managed>;
  /** Whether it is given up where it ends before it is ready: then somebody has to look why. Else it never is. */
  readonly mustStart: boolean;
  /** Takes one line for each end. */
  readonly say: (line: string) => void;
  /**
   * From then on it is not started again. A signal to all processes of a terminal or a service ends it before its
   * supervisor, who ends them one after the other, has come to it.
   */
  readonly ending: AbortSignal;
};

/** Milliseconds from an end to the next start: at first, and at most. Each time is twice as long as the one before. */
const SHORTEST_PAUSE = 500;
const LONGEST_PAUSE = 30_000;
/** Milliseconds after which a process has shown that it can run: what comes then is a new trouble. */
const SETTLED = 60_000;

/**
 * A process that is started again whenever it ends by itself. Its `ended` resolves once it is stopped or given up.
 * @throws StartFailed, where it ends at its first start
 */
export async function keepProcess(keeping: Keeping): Promise<Managed> {
  const first = await keeping.start();
  const stopping = new AbortController();
  const ending = AbortSignal.any([keeping.ending, stopping.signal]);
  const ended = keep(first, { ...keeping, ending }, stopping.signal);
  return {
    ...first,
    ended,
    stop: async () => {
      stopping.abort();
      await ended;
    },
  };
}

/** @returns the exit code of the last one */
async function keep(first: Managed, keeping: Keeping, stopping: AbortSignal): Promise<number> {
  const { start, mustStart, say, ending } = keeping;
  let { code, settled } = await lived(first, stopping);
  let wait = SHORTEST_PAUSE;
  for (let times = 1; !ending.aborted; times++) {
    if (settled) wait = SHORTEST_PAUSE;
    say(
      `${first.name} ended by itself with ${code}; it is started again in ${wait / 1000} s, time ${times}.`,
    );
    const goesOn = await pause(wait, true, { signal: ending }).catch(() => false);
    if (!goesOn) break;
    wait = Math.min(2 * wait, LONGEST_PAUSE);
    const next = await start(first.ready).catch(endedAtStart);
    if ('ready' in next) ({ code, settled } = await lived(next, stopping));
    else if (mustStart) return next.code;
    else ({ code, settled } = next);
  }
  return code;
}

type End = { readonly code: number; readonly settled: boolean };

/** Its life until it ends by itself or is stopped. */
async function lived(process: Managed, stopping: AbortSignal): Promise<End> {
  const begun = performance.now();
  const whenStopped = Promise.withResolvers<undefined>();
  const onAbort = () => {
    whenStopped.resolve(undefined);
  };
  stopping.addEventListener('abort', onAbort);
  if (stopping.aborted) onAbort();
  if ((await Promise.race([process.ended, whenStopped.promise])) === undefined) await process.stop();
  stopping.removeEventListener('abort', onAbort);
  return { code: await process.ended, settled: performance.now() - begun > SETTLED };
}

function endedAtStart(error: unknown): End {
  if (error instanceof StartFailed) return { code: error.code, settled: false };
  throw error;
}
