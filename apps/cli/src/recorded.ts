import { setTimeout as pause } from 'node:timers/promises';
import { ask } from './graphql.ts';

export type FrameCounts = { readonly total: number; readonly byStation: Readonly<Record<string, number>> };

/** How long the store may take to show what the log holds. */
const PATIENCE_MILLISECONDS = 60_000;
const POLL_MILLISECONDS = 100;

const COUNTS = `query ($run: String) { frameCounts(filter: { run: $run }) { total byStation { station frames } } }`;
type Counts = { frameCounts: { total: string; byStation: readonly { station: string; frames: string }[] } };

/** The frames that the store shows of one run of the gateway. */
export async function countFrames(address: string, run: string | undefined): Promise<FrameCounts> {
  const { frameCounts } = await ask<Counts>(address, COUNTS, { run });
  return {
    total: Number(frameCounts.total),
    byStation: Object.fromEntries(
      frameCounts.byStation.map(({ station, frames }) => [station, Number(frames)]),
    ),
  };
}

/** Waits until the store shows that many frames of the run; gives up, with what it shows, after a minute. */
export async function whenRecorded(
  address: string,
  run: string | undefined,
  frames: number,
): Promise<FrameCounts> {
  const deadline = performance.now() + PATIENCE_MILLISECONDS;
  for (;;) {
    const counts = await countFrames(address, run);
    if (counts.total >= frames || performance.now() > deadline) return counts;
    await pause(POLL_MILLISECONDS);
  }
}
