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
  /**
   * The fold will not speak of this key again (only a refold may). Until then the folder remembers what
   * was last said of the key: so a value that did not change is not said twice, and a refold knows what
   * held at its snapshot. A settled fact with unchanged values is not written, it only ends that memory.
   */
  readonly settled?: true;
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
  /**
   * The next time at which this state changes by itself; `apply` is then given `{ kind: 'due', time }`,
   * before anything that stands later, and must have moved it on.
   */
  due?(state: State): Micros | undefined;
  /** Of a key that a refold found never to have been: which of the facts that hold instead took its place. */
  successor?(gone: Row, instead: readonly Fact[]): Row | undefined;
};

/**
 * Folded state of one stream under every projection. Plain JSON, immutable: parts are shared between one
 * state and the next, so keep as many as you like, and write it with `JSON.stringify` when it is to last.
 */
export type StreamState = {
  readonly stream: StreamKey;
  /** Of `libs/ocpp`'s `read`; holds its version. */
  readonly reading: unknown;
  /** projection `<name>@<version>` → its state. A parked one stays as it was before the record that broke it. */
  readonly states: Readonly<Record<string, unknown>>;
  readonly parked: Readonly<Record<string, Parking>>;
  /** The last place folded: what stands before it and comes later is late. */
  readonly folded: Folded | null;
  /** Open connections of a station, by id. */
  readonly open: Readonly<Record<string, OpenConnection>>;
  /** Connections that ended last, newest last, bounded. `lost` ones ended with their run, without a record of their own. */
  readonly ended: readonly EndedConnection[];
  /** Runs whose end this stream was handed, newest last, bounded: what they wrote and comes yet is late. */
  readonly endedRuns: readonly string[];
  /** Where recordings stand that were folded, in the order they were, bounded: a live frame there that comes yet is late. */
  readonly recordings: readonly RecordingSpan[];
  /** The first record of a recording that was handed and waits for an end; null: there is none. */
  readonly unended: Position | null;
  /** projection `<name>@<version>` → key as text → what was last said of it, while it is not settled. */
  readonly said: Readonly<Record<string, Readonly<Record<string, Said>>>>;
};

/** What places a run's records in the order of one connection. */
export type OpenConnection = {
  readonly run: string;
  /** Effective time of the run's start by this connection's clock: opened minus `runMonotonic`. Null: no handshake seen. */
  readonly origin: Micros | null;
  /** Effective time of the last record or tick folded. */
  readonly last: Micros;
};
export type EndedConnection = OpenConnection & { readonly connection: string; readonly lost: boolean };
/** Effective times of a recording's first and last frame, and when it was imported; null: unknown. */
export type RecordingSpan = {
  readonly from: Micros;
  readonly to: Micros;
  readonly imported: Micros | null;
};
export type Said = { readonly values: Row; readonly time: Micros };

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

/**
 * The pure core of the engine: folds one stream. Made from a set of projections by `createFolder`.
 * Nothing here throws for what a record holds, and no state given is changed.
 *
 * What the engine hands a station's stream: its own records (same key), and the run records (ticks, run
 * started, run stopped) of its partition that were written by, or name as `previous`, a run out of
 * `watches(state)` or the `source` of one of the station's records in hand. More does no harm: a run
 * record that concerns none of its open connections is passed over. Where a run is new to the stream and
 * its end is in the log already, that end is handed with the run's first record. A run's stream gets the run records
 * that it wrote or that name it as `previous`. Records handed twice are folded once.
 *
 * After a crash, what lies between a snapshot and the committed position is folded for its state alone:
 * its facts are in the tables. The batch whose facts may have been written without its position is folded
 * again with the same end. (A longer one might find that a key changed and changed back, say nothing of
 * it, and leave standing what the shorter one wrote.)
 */
export type Folder = {
  initial(stream: StreamKey): StreamState;
  /** Whether the state was folded by these projections in these versions and by this reading; else start from `initial`. */
  fits(state: StreamState): boolean;
  /**
   * Whether one of these records stands before what the state has folded, so that the stream must be folded
   * again. So does the end of a recording whose records the state passed over, or whose live twins it may
   * have folded, and a live frame that may be the twin of one in a recording it has folded. A snapshot
   * serves a refold if it is not so of all records since and the late ones together; any other snapshot of
   * the stream is wrong from then on.
   */
  isLate(state: StreamState, records: readonly LoggedRecord[]): boolean;
  /**
   * Folds records that stand after all that was folded, in effective order whatever order they come in.
   * Run records stand where DESIGN 5 places them. A fact's position is the highest of the records that
   * were folded until then: that much had to be known to say it.
   */
  forward(state: StreamState, records: readonly LoggedRecord[]): Folding;
  /**
   * Folds a stream again from a snapshot: `known` are the records since the snapshot that were handed
   * before (more is fine, but of recordings: what the snapshot has folded is left out), `late` the new
   * ones, late or not; both in any order. Run records are wanted as for `forward`. The facts are the difference of what is
   * current, at the highest position of `late`.
   */
  refold(snapshot: StreamState, known: readonly LoggedRecord[], late: readonly LoggedRecord[]): Folding;
  /** Runs whose records this stream needs: those that hold, or lately held, its connections. */
  watches(state: StreamState): readonly string[];
};

/** `connections@1`: how states, parkings and checkpoints name a projection in one version. */
export const projectionId = ({ name, version }: Pick<Projection, 'name' | 'version'>): string =>
  `${name}@${version}`;
