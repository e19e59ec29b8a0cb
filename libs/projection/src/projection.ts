import type { Observation } from '@chargeproof/ocpp';
import type { LoggedRecord, Micros, Position } from '@chargeproof/record';
import type { Columns, Row } from '@chargeproof/tables';

/**
 * What a projection says is so from a log position on (DESIGN law 3). `values: null` retracts what was
 * said under the key before; `successor` then names the key that took its place, and links follow it.
 */
export type Fact = {
  readonly key: Row;
  readonly values: Row | null;
  readonly successor?: Row;
  /** When it became so, in effective time: of the record that caused it, or of the due time. */
  readonly time: Micros;
};

export type Step<State> = { readonly state: State; readonly facts: readonly Fact[] };

/** The unit that is folded in order: a station, or what one run says of one partition. */
export type StreamKind = 'station' | 'run';

/**
 * A read model: a pure, total fold over what is observed of one stream, and the table its facts go to.
 * `State` is plain JSON, because it is kept as a snapshot. `apply` reads no clock, no table, no random
 * number, and does not change the state it is given.
 */
export type Projection<State = unknown> = {
  readonly name: string;
  /** Raised with every change of what the fold says; the digest test holds us to it. */
  readonly version: number;
  readonly of: StreamKind;
  /** Columns of the key, after tenant and station (of: station) or run and partition (of: run), which the engine adds. */
  readonly key: Columns;
  readonly values: Columns;
  readonly initial: State;
  apply(state: State, observation: Observation): Step<State>;
  /** The next time at which this state changes by itself; `apply` is then given `{ kind: 'due', time }`. */
  due?(state: State): Micros | undefined;
};

/** Folded state of one stream under every projection. Plain JSON. */
export type StreamState = {
  readonly stream: StreamKey;
  readonly reading: unknown;
  /** projection `<name>@<version>` → its state. A parked one stays as it was before the record that broke it. */
  readonly states: Readonly<Record<string, unknown>>;
  readonly parked: Readonly<Record<string, Parking>>;
  /** The last place folded: what stands before it and comes later is late. */
  readonly folded: Folded | null;
};

export type Parking = { readonly since: Position; readonly recordId: string; readonly error: string };
export type Folded = { readonly time: Micros; readonly connection: string; readonly sequence: number };

/** `<tenant>/<station>` as the log's key has it, or `<run>.<partition>`. */
export type StreamKey = { readonly kind: StreamKind; readonly key: string };

/** A fact with the log position that caused it. At most one for each projection, key and position. */
export type StampedFact = {
  readonly projection: string;
  readonly version: number;
  readonly stream: StreamKey;
  readonly fact: Fact;
  readonly position: Position;
  readonly loggedAt: Micros;
};

export type Folding = { readonly state: StreamState; readonly facts: readonly StampedFact[] };

/** The pure core of the engine: folds one stream. Made from a set of projections by `createFolder`. */
export type Folder = {
  initial(stream: StreamKey): StreamState;
  /** Whether this record stands before what the state has folded, so that the stream must be folded again. */
  isLate(state: StreamState, record: LoggedRecord): boolean;
  /** Folds records that stand after all that was folded, in effective order. Run records stand where DESIGN 5 places them. */
  forward(state: StreamState, records: readonly LoggedRecord[]): Folding;
  /**
   * Folds a stream again from a snapshot: `known` are the records since the snapshot that were folded
   * before, `late` the new ones; both in any order. The facts are the difference, at the late records' position.
   */
  refold(snapshot: StreamState, known: readonly LoggedRecord[], late: readonly LoggedRecord[]): Folding;
  /** Runs whose ticks this stream needs: those that hold its open connections. */
  watches(state: StreamState): readonly string[];
};
