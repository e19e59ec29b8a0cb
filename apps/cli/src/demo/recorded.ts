import { setTimeout as pause } from 'node:timers/promises';
import { answerTo, type Endpoint } from '../asking/graphql-response.ts';
import { askFigures, type Figures, type Frames, type Period } from './figures.ts';

/** How long the store may take to show what the log holds. */
const PATIENCE_MILLISECONDS = 60_000;
const POLL_MILLISECONDS = 500;

const COUNTS = `query ($run: String) { frameCounts(filter: { run: $run }) { total byStation { station frames } } }`;
type Counts = { frameCounts: { total: string; byStation: readonly { station: string; frames: string }[] } };

/** The frames that the store shows of one run of the gateway. */
export async function countFrames(endpoint: Endpoint, run: string | undefined): Promise<Frames> {
  const { frameCounts } = await answerTo<Counts>(endpoint, COUNTS, { run });
  return {
    total: Number(frameCounts.total),
    byStation: Object.fromEntries(
      frameCounts.byStation.map(({ station, frames }) => [station, Number(frames)]),
    ),
  };
}

/**
 * Waits until the store shows that many frames of the run, and a tick later than the period: only then it
 * is known that the recorder watched to its end. Gives up, with what is shown, after a minute.
 */
export async function whenRecorded(
  endpoint: Endpoint,
  { run, sent, period }: { run: string | undefined; sent: ReadonlyMap<string, number>; period: Period },
): Promise<Figures> {
  const deadline = performance.now() + PATIENCE_MILLISECONDS;
  const wanted = [...sent.values()].reduce((total, count) => total + count, 0);
  let frames = await countFrames(endpoint, run);
  while (frames.total < wanted && performance.now() < deadline) {
    await pause(POLL_MILLISECONDS);
    frames = await countFrames(endpoint, run);
  }
  for (;;) {
    const { isWatched, ...figures } = await askFigures(endpoint, [...sent.keys()], period);
    if (isWatched || performance.now() > deadline) return { run, frames, ...figures };
    await pause(POLL_MILLISECONDS);
  }
}
