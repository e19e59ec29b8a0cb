import type { Micros, RecordId, RunId } from '@chargeproof/record';
import { formatSeconds } from '@chargeproof/uptime';

/** What one tick tells of its host's clock. */
export type ClockReading = {
  /** What is to be added to it, in microseconds: above 0 it is slow. */
  readonly offset: Micros;
  /** That may be wrong by so much; null: the tick does not say. */
  readonly uncertainty: Micros | null;
  readonly at: Micros;
  readonly run: RunId;
  readonly record: RecordId;
};

/** What the ticks of some time tell of their hosts' clocks. */
export type ToldClock = {
  readonly ticks: number;
  /** Those that knew it. */
  readonly known: number;
  /** The reading that is furthest off; null where none knew. */
  readonly largest: ClockReading | null;
};

export const NO_TICKS: ToldClock = { ticks: 0, known: 0, largest: null };

/**
 * A clock within that is taken for right: as far as that a station's own may be off, which is judged by the gateway's.
 * Reports of uptime count minutes and hours, but the order of two parties' events is argued about in seconds.
 */
const CLOCK_TOLERANCE: Micros = 2_000_000;

export const isOff = ({ largest }: ToldClock): boolean =>
  largest !== null && Math.abs(largest.offset) > CLOCK_TOLERANCE;

/** As people say it: `at most 0.012 s slow (± 0.004 s)`. */
export function clockWords(clock: ToldClock): string {
  const { ticks, known, largest } = clock;
  if (largest === null)
    return ticks === 0 ? 'not known: no gateway ticked' : 'not known: no gateway asks a time server';
  const { offset, uncertainty } = largest;
  const way = offset < 0 ? 'fast' : 'slow';
  const sure = uncertainty === null ? '' : ` (± ${formatSeconds(uncertainty)} s)`;
  const part = known < ticks ? `; not known at ${ticks - known} of ${ticks} ticks` : '';
  const off = isOff(clock) ? ': times of the record around then are off by as much' : '';
  return `at most ${formatSeconds(Math.abs(offset))} s ${way}${sure}${off}${part}`;
}
