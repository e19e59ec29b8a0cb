import { clip, duration, lasting, type Proven, type Span, subtract } from '@chargeproof/uptime';
import type { ToldClock } from './clock.ts';
import type { Completeness, RecordGap } from './contract.ts';

/** Absent `besideRelay`: a recording, which relayed nothing. */
type Watching = Proven & { readonly besideRelay?: boolean | null };

export type CompletenessInput = {
  readonly window: Span;
  /** When a gateway watched, or a recording shows the station. */
  readonly watched: readonly Watching[];
  /** What records tell, or show, to be missing. */
  readonly told: readonly RecordGap[];
  readonly clock: ToldClock;
};

/**
 * How whole a record is in a period. It is complete where somebody watched all the time and nothing is
 * missing; a frame that was recorded and could not be passed on is told, but is not missing. Where frames did not
 * wait for the log, or nobody knows whether they did, nobody can say that none is missing.
 */
export function completenessOf({ window, watched, told, clock }: CompletenessInput): Completeness {
  const spans = watched.map(lasting);
  const holes = subtract([window], spans);
  const gaps = [
    ...holes.map((hole) => unwatched(hole, watched)),
    ...watched.flatMap((one) => besideRelay(one, window)),
    ...told.filter((gap) => isIn(gap, window)),
  ];
  const missing = gaps.filter(({ kind }) => kind !== 'relay-failed');
  return {
    complete: missing.length === 0,
    known: duration(subtract([window], missing)),
    watched: duration(clip(spans, window)),
    unwatched: duration(holes),
    gaps: gaps.toSorted((a, b) => a.from - b.from || a.to - b.to),
    clock,
  };
}

const MILLION = 1_000_000n;

/** The share of a period that is known, in millionths, rounded down: what is not whole is never 1 000 000. */
export function knownShare({ complete, known }: Completeness, { from, to }: Span): number {
  const share = (BigInt(known) * MILLION) / BigInt(Math.max(1, to - from));
  return Number(complete || share < MILLION ? share : MILLION - 1n);
}

/** A gap may be a moment, or reach over the window's ends. */
const isIn = (gap: RecordGap, window: Span) => gap.from < window.to && gap.to >= window.from;

/** Proven by the records between which nothing was. */
function unwatched(hole: Span, watched: CompletenessInput['watched']): RecordGap {
  const before = watched.filter(({ to }) => to === hole.from).flatMap(({ records }) => records.slice(-1));
  const after = watched.filter(({ from }) => from === hole.to).flatMap(({ records }) => records.slice(0, 1));
  return {
    kind: 'unwatched',
    from: hole.from,
    to: hole.to,
    missing: null,
    reason: 'no gateway watched',
    records: [...before, ...after],
  };
}

function besideRelay(watching: Watching, window: Span): readonly RecordGap[] {
  if (watching.besideRelay === false || watching.besideRelay === undefined) return [];
  return clip([lasting(watching)], window).map(({ from, to }) => ({
    kind: 'beside-relay',
    from,
    to,
    missing: null,
    reason:
      watching.besideRelay === null
        ? 'the start of the gateway run is not here, which would tell whether frames waited for the log'
        : 'the gateway passed frames on before they were durable',
    records: watching.records,
  }));
}
