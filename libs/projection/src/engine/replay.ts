import type { BatchFolder } from './batch-folder.ts';
import type { LateReader } from './late.ts';
import { refuseUnfit } from './refuse.ts';
import type { ParkedStream } from './parkings.ts';
import type { Pending } from './pending.ts';
import type { Ground } from './start.ts';

export type ReplayParts = Pick<Ground, 'gates' | 'parkings' | 'tables'> & {
  readonly late: LateReader;
  readonly batchFolder: BatchFolder;
  readonly pending: () => Pending;
  /** The first offset of a partition that was not folded yet, and when the one before it was logged. */
  readonly reached: (partition: number) => { readonly next: number; readonly loggedAt: number };
  /** One stream's key; absent: all that are parked. */
  readonly only: string | undefined;
};

/** Folds parked streams again from before they were parked, with the projections as they are now. */
export async function replayParked(parts: ReplayParts): Promise<void> {
  const wanted = parts.parkings
    .list()
    .filter(({ stream }) => parts.only === undefined || stream.key === parts.only);
  const streams = Map.groupBy(wanted, ({ stream }) => `${stream.kind} ${stream.key}`);
  for (const parked of streams.values()) await replayStream(parts, parked);
}

async function replayStream(parts: ReplayParts, parked: readonly ParkedStream[]): Promise<void> {
  const [first] = parked;
  if (first === undefined) return;
  const { partition } = first.since;
  const { next, loggedAt } = parts.reached(partition);
  const entry = await parts.batchFolder.entryOf(first.stream, partition);
  const folded = await parts.late.again(entry, next, parked);
  const { state, facts } = refuseUnfit(entry.state, folded, parts.tables);
  // The projections that did not throw said all they had to say when it was time.
  const names = new Set(parked.map(({ projection }) => projection));
  for (const fact of facts) {
    const table = parts.tables.of(fact);
    if (names.has(table.projection)) parts.pending().addFact(table, fact, parts.gates.of(table));
  }
  // Parked may be what this state never was: by the same projection in another set of them.
  const was = Object.fromEntries(parked.map(({ projection, ...parking }) => [projection, parking]));
  const before = { ...entry.state, parked: { ...was, ...entry.state.parked } };
  parts.batchFolder.advance(entry, state);
  for (const row of parts.parkings.follow(before, state, loggedAt)) parts.pending().addParked(row);
}
