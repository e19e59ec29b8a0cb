import type { ConnectionId, Micros, RecordId } from '@chargeproof/record';
import type { ToldClock } from './clock.ts';

export const GAP_KINDS = [
  'unwatched',
  'silent-gateway',
  'unclean-start',
  'beside-relay',
  'frames',
  'bytes',
  'connections',
  'sequence',
  'count',
  'relay-failed',
  'parked',
] as const;
export type GapKind = (typeof GAP_KINDS)[number];

export type RecordGap = {
  readonly kind: GapKind;
  readonly from: Micros;
  readonly to: Micros;
  /** How many records or bytes; null: unknown. */
  readonly missing: number | null;
  readonly reason: string;
  /** Absent where it is not of one connection. */
  readonly connection?: ConnectionId;
  readonly records: readonly RecordId[];
};

export type Completeness = {
  /** Watched all the time, and nothing is missing. */
  readonly complete: boolean;
  /** Microseconds; the two add up to the period. */
  readonly watched: Micros;
  readonly unwatched: Micros;
  /** Of the watched ones, those in which nothing is missing. Moments at which something is missing take no time. */
  readonly known: Micros;
  /** In order of their beginnings. */
  readonly gaps: readonly RecordGap[];
  readonly clock: ToldClock;
};

export type CompletenessEntry = Completeness & {
  readonly tenant: string;
  readonly station: string;
  /** The period that it speaks of. */
  readonly from: Micros;
  readonly to: Micros;
  /** How many records of the station lie in the period. */
  readonly recorded: number;
  /** What proves it: first and last record of each stretch, and those that tell of gaps. */
  readonly records: readonly RecordId[];
};
