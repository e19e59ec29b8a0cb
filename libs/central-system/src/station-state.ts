import { createHash } from 'node:crypto';
import type { JsonObject, JsonValue } from '@chargeproof/json';

/** What the built-in central system keeps of one station between its messages. */
export type StationState = {
  /** Running transactions' ids by what their start said; the oldest first. */
  readonly starts: ReadonlyMap<string, number>;
};

export const NEW_STATION: StationState = { starts: new Map() };

/** Starts kept of one station: more than it has connectors, or replays at once. */
export const MOST_STARTS = 64;

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
  return createHash('sha256').update(JSON.stringify(written)).digest('base64');
}

export function remember({ starts }: StationState, fingerprint: string, transactionId: number): StationState {
  const kept = [...starts].slice(-(MOST_STARTS - 1));
  return { starts: new Map([...kept, [fingerprint, transactionId]]) };
}

/**
 * A stopped transaction's start is no retry any more: a clock that stands at 1970 gives the next transaction
 * the same start, and that one has its own id.
 */
export function forget(state: StationState, transactionId: number): StationState {
  const starts = new Map([...state.starts].filter(([, id]) => id !== transactionId));
  return starts.size === state.starts.size ? state : { starts };
}

/** Scalars as written; what stands in a scalar's place is told by its kind alone. */
function writtenForm(value: JsonValue | undefined): readonly [kind: string, text: string] {
  if (value === undefined || value === null) return [String(value), ''];
  if (typeof value === 'string') return ['string', value];
  if (typeof value === 'boolean') return ['boolean', String(value)];
  return 'source' in value ? ['number', value.source] : ['structure', ''];
}
