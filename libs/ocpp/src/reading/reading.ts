import type { OpenCalls } from './correlate.ts';
import { NO_OPEN_CALLS } from './correlate.ts';

/** Raised with every change of what `read` says: part of every projection's version (DESIGN 5). */
export const READING_VERSION = 2;

/**
 * What must be remembered of a station's earlier records to read its next one. Plain JSON, immutable:
 * a record copies only the few members it changes, whose sizes are bounded.
 */
export type Reading = {
  readonly version: number;
  /** By `poolOf` a frame. */
  readonly connections: Readonly<Record<string, OpenCalls>>;
};

/** A station has one connection, sometimes two; beyond this the one opened first is forgotten. */
export const MOST_CONNECTIONS = 64;

export function initialReading(): Reading {
  return { version: READING_VERSION, connections: {} };
}

export function openCalls(reading: Reading, connection: string): OpenCalls {
  return reading.connections[connection] ?? NO_OPEN_CALLS;
}

export function withOpenCalls(reading: Reading, connection: string, open: OpenCalls): Reading {
  return { version: reading.version, connections: withConnection(reading.connections, connection, open) };
}

export function forgetConnection(reading: Reading, connection: string): Reading {
  if (!(connection in reading.connections)) return reading;
  return { version: reading.version, connections: without(reading.connections, connection) };
}

/** A copy without that member. */
export function without<Value>(
  members: Readonly<Record<string, Value>>,
  name: string,
): Record<string, Value> {
  const rest: Record<string, Value> = {};
  for (const other in members) if (other !== name) rest[other] = members[other] as Value;
  return rest;
}

/** A copy with that member; above so many connections, without the one that opened first. */
export function withConnection<Value>(
  members: Readonly<Record<string, Value>>,
  connection: string,
  value: Value,
): Readonly<Record<string, Value>> {
  const all = { ...members, [connection]: value };
  const ids = Object.keys(all);
  if (ids.length <= MOST_CONNECTIONS) return all;
  // Ids begin with their opening time in sortable digits.
  return without(
    all,
    ids.reduce((a, b) => (a < b ? a : b)),
  );
}
