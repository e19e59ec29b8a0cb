import type { Micros } from '@chargeproof/record';
import { clip, duration, type Proven, type Span, subtract } from '@chargeproof/uptime';
import type { Completeness, RecordGap } from './contract.ts';

/** Absent members: a recording, of which neither is known. */
type Watching = Proven & { readonly clockOffset?: Micros | null; readonly besideRelay?: boolean | null };

export type CompletenessInput = {
  readonly window: Span;
  /** When a gateway watched, or a recording shows the station. */
  readonly watched: readonly Watching[];
  /** What records tell, or show, to be missing. */
  readonly told: readonly RecordGap[];
};

/**
 * How whole a record is in a period. It is complete where somebody watched all the time and nothing is
 * missing; a frame that was recorded and could not be passed on is told, but is not missing. Where frames did not
 * wait for the log, or nobody knows whether they did, nobody can say that none is missing.
 */
export function completenessOf({ window, watched, told }: CompletenessInput): Completeness {
  const spans = watched.map(({ from, to }) => ({ from, to: to ?? Infinity }));
  const holes = subtract([window], spans);
  const gaps = [
    ...holes.map((hole) => unwatched(hole, watched)),
    ...watched.flatMap((one) => besideRelay(one, window)),
    ...told.filter((gap) => isIn(gap, window)),
  ];
  const offsets = watched.flatMap(({ clockOffset }) => (clockOffset == null ? [] : [clockOffset]));
  return {
    complete: gaps.every(({ kind }) => kind === 'relay-failed'),
    watched: duration(clip(spans, window)),
    unwatched: duration(holes),
    gaps: gaps.toSorted((a, b) => a.from - b.from || a.to - b.to),
    clockOffsetMicros: offsets.length === 0 ? null : offsets.reduce(larger),
  };
}

const larger = (a: Micros, b: Micros) => (Math.abs(b) > Math.abs(a) ? b : a);

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
  return clip([{ from: watching.from, to: watching.to ?? Infinity }], window).map(({ from, to }) => ({
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
