import type { JsonObject, JsonValue } from '@chargeproof/json';
import type { Micros } from '@chargeproof/record';
import { digest } from './digest.ts';

/** A transaction whose tag may have one at a time. */
export type OpenTransaction = {
  /** Its id; where the station gave it, the digest of that. */
  readonly transaction: string;
  /** Its digest. */
  readonly tag: string;
  readonly since: Micros;
};

/** What the built-in central system keeps of one station between its messages. */
export type StationState = {
  /** Running transactions' ids by what their start said; the oldest first. */
  readonly starts: ReadonlyMap<string, number>;
  /** By the digest of their place: a connector, which has one at a time, or in 2.0.1 their id. */
  readonly open: ReadonlyMap<string, OpenTransaction>;
  /** Messages that it was asked for while it was Pending. */
  readonly asked: ReadonlySet<string>;
};

export const NEW_STATION: StationState = { starts: new Map(), open: new Map(), asked: new Set() };

/** Starts kept of one station: more than it has connectors, or replays at once. */
export const MOST_STARTS = 64;

/** Whether nothing is known of a station that a new one would not have. */
export const isNew = ({ starts, open, asked }: StationState): boolean =>
  starts.size + open.size + asked.size === 0;

/** Registered, it need not be asked. */
export const atLiberty = (state: StationState): StationState =>
  state.asked.size === 0 ? state : { ...state, asked: NEW_STATION.asked };

const IDENTITY_OF_A_START = ['connectorId', 'idTag', 'timestamp', 'meterStart'] as const;

/**
 * What two transmissions of one StartTransaction have in common: a station that got no answer sends it again,
 * perhaps under a new message id and over a new connection (OCPP 1.6, 3.7.1).
 * @returns a digest, so that no tag is kept in clear; undefined where it does not say when it began, because
 *   two such starts cannot be told apart
 */
export function startFingerprint(payload: JsonObject): string | undefined {
  if (typeof payload.get('timestamp') !== 'string') return undefined;
  const written = IDENTITY_OF_A_START.map((name) => writtenForm(payload.get(name)));
  return digest(JSON.stringify(written));
}

export function remember(state: StationState, fingerprint: string, transactionId: number): StationState {
  return { ...state, starts: withOneMore(state.starts, fingerprint, transactionId) };
}

/** A place has one transaction: what was open there is over. @param transaction absent where it holds no tag */
export function opened(
  state: StationState,
  place: string,
  transaction: OpenTransaction | undefined,
): StationState {
  if (transaction === undefined && !state.open.has(place)) return state;
  const others = new Map([...state.open].filter(([other]) => other !== place));
  return { ...state, open: transaction === undefined ? others : withOneMore(others, place, transaction) };
}

/**
 * A stopped transaction's start is no retry any more: a clock that stands at 1970 gives the next transaction
 * the same start, and that one has its own id.
 */
export function forget(state: StationState, transactionId: number): StationState {
  const starts = new Map([...state.starts].filter(([, id]) => id !== transactionId));
  const after = closed(state, String(transactionId));
  return starts.size === state.starts.size ? after : { ...after, starts };
}

/** That transaction holds its tag no longer. */
export function closed(state: StationState, transaction: string): StationState {
  const open = new Map([...state.open].filter(([, one]) => one.transaction !== transaction));
  return open.size === state.open.size ? state : { ...state, open };
}

function withOneMore<Value>(
  items: ReadonlyMap<string, Value>,
  key: string,
  value: Value,
): ReadonlyMap<string, Value> {
  return new Map([...[...items].slice(-(MOST_STARTS - 1)), [key, value]]);
}

/** Scalars as written; what stands in a scalar's place is told by its kind alone. */
export function writtenForm(value: JsonValue | undefined): readonly [kind: string, text: string] {
  if (value === undefined || value === null) return [String(value), ''];
  if (typeof value === 'string') return ['string', value];
  if (typeof value === 'boolean') return ['boolean', String(value)];
  return 'source' in value ? ['number', value.source] : ['structure', ''];
}
