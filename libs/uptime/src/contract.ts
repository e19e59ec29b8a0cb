import type { Micros, RecordId } from '@chargeproof/record';
import type { BootAnswer } from './registration.ts';
import type { Span } from './spans.ts';

/** A stretch of time and the records that prove it. Absent `to`: it goes on. */
export type Proven = {
  readonly from: Micros;
  readonly to: Micros | null;
  readonly records: readonly RecordId[];
};

/** A StatusNotification, and how long it was the connector's newest. */
export type StatusSpan = Proven & { readonly connector: number; readonly status: string };

export type UptimeInput = {
  readonly window: Span;
  readonly connector: number;
  /** Of this connector and of connector 0, which is the station. */
  readonly statuses: readonly StatusSpan[];
  /** When a link was up: its connections, and the recordings of it. */
  readonly links: readonly Proven[];
  /** When somebody watched: stretches of coverage, and the recordings of it. */
  readonly watched: readonly Proven[];
  /** When a link was up and nothing came over it. */
  readonly silences?: readonly Proven[];
  /** When the station booted: what its statuses said before then holds no longer (errata 3.22: it says them anew). */
  readonly boots?: readonly { readonly time: Micros; readonly record: RecordId }[];
  /** Where records were lost that had been there: between them a status or an end of a link may have stood. */
  readonly losses?: readonly Proven[];
  /** Its BootNotifications that were answered; the last one before the window among them. */
  readonly registrations?: readonly BootAnswer[];
  /** When the station was first seen; null: never. */
  readonly firstSeen: Micros | null;
};

export const UPTIME_VERDICTS = ['UP', 'DOWN', 'UNKNOWN'] as const;
export type UptimeVerdict = (typeof UPTIME_VERDICTS)[number];

/** Why, by a word that does not change. */
export const UPTIME_CAUSES = [
  'no-coverage',
  'not-seen',
  'offline',
  'unregistered',
  'silent',
  'records-lost',
  'faulted',
  'unavailable',
  'no-status',
  'status-unknown',
  'available',
  'reserved',
  'in-use',
] as const;
export type UptimeCause = (typeof UPTIME_CAUSES)[number];

export type ConditionInterval = Span & {
  readonly verdict: UptimeVerdict;
  readonly cause: UptimeCause;
  readonly records: readonly RecordId[];
};

export type UptimeResult = {
  /** Microseconds; the three add up to the window. */
  readonly up: Micros;
  readonly down: Micros;
  readonly unknown: Micros;
  /** The window in order, without gaps or overlaps; neighbours differ. */
  readonly intervals: readonly ConditionInterval[];
};
