import type { RecordObservation } from '@chargeproof/ocpp';
import type { Fact, Projection, Step } from '@chargeproof/projection';
import {
  effectiveTime,
  type Micros,
  type RecordId,
  type RunStarted,
  type RunStopped,
  type Tick,
} from '@chargeproof/record';
import type { Columns, Row } from '@chargeproof/tables';

/**
 * Two ticks further apart than this many tick lengths are not one stretch of watching: one lost tick is
 * told by its ordinal, and a host that merely stutters stays within it.
 */
export const LONGEST_BETWEEN_TICKS = 2.5;

const MICROS_PER_SECOND = 1_000_000;

/** Two ticks in a row further apart than this by the wall clock are a leap of it. Microseconds. */
export const LEAP: Micros = 3600 * MICROS_PER_SECOND;

/** Key: the beginning of a stretch in which the run watched its partition, by the run's own clock. */
const key = { began: "DateTime64(6, 'UTC')" } as const satisfies Columns;
const values = {
  /** The last tick of it, or the run's stop. */
  until: "DateTime64(6, 'UTC')",
  ticks: 'UInt32',
  /** Records the run appended to the partition in it up to its last tick, ticks not counted. */
  records: 'UInt64',
  tick_seconds: 'UInt32',
  /** Whether frames went on without waiting for the log; null where the run's start is not recorded. */
  beside_relay: 'Nullable(Bool)',
  /** Why it began where it did: `start` of the run, `late-tick`, `missing-tick`, or `unseen` (the start is not recorded). */
  began_by: 'LowCardinality(String)',
  /** `watching`; `interrupted` (a later stretch follows); `stopped`; `ended` (known from the next run only). */
  state: 'LowCardinality(String)',
  /** Whether the run ended cleanly; null while it goes on. */
  clean: 'Nullable(Bool)',
  /**
   * Whether the wall clock of the run fell until then, or leapt, from one tick to the next. While it did not, the
   * ticks of any time are found by their own times, with those next to them an hour around.
   */
  leapt: 'Bool',
  first_record: 'String',
  last_record: 'String',
} as const satisfies Columns;

type Began = 'start' | 'late-tick' | 'missing-tick' | 'unseen';
type Stretch = {
  readonly began: Micros;
  readonly until: Micros;
  readonly ticks: number;
  readonly records: number;
  readonly tick_seconds: number;
  readonly beside_relay: boolean | null;
  readonly began_by: Began;
  readonly leapt: boolean;
  readonly first_record: RecordId;
  readonly last_record: RecordId;
};
type State = {
  readonly stretch: Stretch | null;
  readonly lastOrdinal: number;
  /** What the wall clock said last. */
  readonly lastWall: Micros | null;
};

/** When each run watched its partition, and how much it recorded there: a figure is only as whole as this. */
export const coverage: Projection<State> = {
  name: 'coverage',
  version: 4,
  of: 'run',
  key,
  values,
  initial: { stretch: null, lastOrdinal: -1, lastWall: null },
  apply(state, observation) {
    if (observation.kind !== 'record') return { state, facts: [] };
    switch (observation.type) {
      case 'recorder.run-started.v1':
        return observation.record.attributes.source === observation.connection
          ? start(state, observation, observation.payload)
          : end(state, observation, observation.payload.previous?.endedCleanly ?? false);
      case 'recorder.tick.v1':
        return tick(state, observation, observation.payload);
      case 'recorder.run-stopped.v1':
        return end(state, observation, true, observation.payload);
      default:
        return { state, facts: [] };
    }
  },
  successor: successorOf,
};

/** A tick that came late joins two stretches: the second goes on in the one that now spans its beginning. */
function successorOf(gone: Row, instead: readonly Fact[]): Row | undefined {
  const at = Number(gone.began);
  return instead.find((fact) => Number(fact.key.began) <= at && at <= Number(fact.values?.until))?.key;
}

function start(state: State, { time, record }: RecordObservation, started: RunStarted): Step<State> {
  const stretch = {
    ...beginning('start', time, record.attributes.id),
    tick_seconds: started.tickSeconds,
    beside_relay: started.record === 'beside-relay',
  };
  const lastWall = effectiveTime(record.attributes);
  return { state: { ...state, stretch, lastWall }, facts: [say(stretch, 'watching', null, time)] };
}

function tick(state: State, { time, record }: RecordObservation, seen: Tick): Step<State> {
  const { stretch, lastOrdinal } = state;
  const { id } = record.attributes;
  const wall = effectiveTime(record.attributes);
  const breach = stretch === null ? 'unseen' : breachBefore(stretch, lastOrdinal, time, seen);
  const before = stretch === null || breach ? beginning(breach ?? 'unseen', time, id) : stretch;
  const now: Stretch = {
    ...before,
    until: time,
    ticks: before.ticks + 1,
    // What it counts of the time before the stretch is nobody's: where that began is not known.
    records: before === stretch ? before.records + seen.appended : 0,
    tick_seconds: seen.tickSeconds,
    beside_relay: stretch?.beside_relay ?? null,
    leapt: stretch?.leapt === true || isLeap(state, seen.ordinal, wall),
    last_record: id,
  };
  const facts = [say(now, 'watching', null, time)];
  if (stretch && breach) facts.unshift({ ...say(stretch, 'interrupted', null, time), settled: true });
  return { state: { stretch: now, lastOrdinal: seen.ordinal, lastWall: wall }, facts };
}

function isLeap({ lastOrdinal, lastWall }: State, ordinal: number, wall: Micros): boolean {
  if (lastWall === null) return false;
  return wall < lastWall || (ordinal === lastOrdinal + 1 && wall - lastWall > LEAP);
}

/** What keeps this tick from going on with the stretch, if anything does. */
function breachBefore(stretch: Stretch, lastOrdinal: number, time: Micros, seen: Tick): Began | undefined {
  if (seen.ordinal !== lastOrdinal + 1) return 'missing-tick';
  const longest = LONGEST_BETWEEN_TICKS * seen.tickSeconds * MICROS_PER_SECOND;
  return time - stretch.until > longest ? 'late-tick' : undefined;
}

/**
 * A clean stop was watching to its end, unless it counts a tick that is not here; what the next run tells of leaves
 * the last tick as all that is known.
 */
function end(state: State, observation: RecordObservation, clean: boolean, last?: RunStopped): Step<State> {
  const { stretch, lastOrdinal } = state;
  if (!stretch) return { state, facts: [] };
  const { time, record } = observation;
  const watched = last !== undefined && (last.ticks ?? lastOrdinal + 1) === lastOrdinal + 1;
  const over: Stretch = {
    ...stretch,
    ...(watched ? { until: time } : {}),
    last_record: record.attributes.id,
  };
  const fact = say(over, last === undefined ? 'ended' : 'stopped', clean, time);
  return { state: { ...state, stretch: over }, facts: [{ ...fact, settled: true }] };
}

function beginning(began_by: Began, time: Micros, record: RecordId): Stretch {
  return {
    began: time,
    until: time,
    ticks: 0,
    records: 0,
    tick_seconds: 0,
    beside_relay: null,
    began_by,
    leapt: false,
    first_record: record,
    last_record: record,
  };
}

function say({ began, ...row }: Stretch, state: string, clean: boolean | null, time: Micros): Fact {
  return { key: { began }, values: { ...row, state, clean }, time };
}
