import type { LoggedRecord, Position, StationDecision } from '@chargeproof/record';
import { effectivePlace } from '@chargeproof/record';
import { payloadOf } from '@chargeproof/ocpp';
import type { Folded } from '../projection.ts';

/** At one time and connection a tick stands after all records, the run's stop after its ticks, the next run after that. */
export const TICK_SEQUENCE = 2 ** 52;
export const STOP_SEQUENCE = 2 ** 52 + 1;
export const NEXT_RUN_SEQUENCE = 2 ** 52 + 2;

/** Effective order (DESIGN 5). */
export function comparePlaces(a: Folded, b: Folded): number {
  return a.time - b.time || compareText(a.connection, b.connection) || a.sequence - b.sequence;
}

const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** The order of the log. Generations follow each other; within one, a stream lies in one partition. */
export function comparePositions(a: Position, b: Position): number {
  return a.generation - b.generation || a.partition - b.partition || a.offset - b.offset;
}

/**
 * Where a station's own record stands among that station's records. A record without a connection takes
 * its id for one, so that no two have the same place. A decision stands at the date from which it holds;
 * one for a date to come stands where it was made, or all that is recorded until then would be late, and
 * the fold sees its date.
 * Records of an imported recording (`witness: import`) will take their claimed time here.
 */
export function placeOf(record: LoggedRecord): Folded {
  const { attributes } = record;
  const { time, sequence } = effectivePlace(attributes);
  const connection = attributes.connection ?? attributes.id;
  return { time: Math.min(time, decisionDate(record) ?? time), connection, sequence };
}

function decisionDate(record: LoggedRecord): number | undefined {
  if (record.attributes.type !== 'station.decision.v1') return undefined;
  try {
    const { effective } = payloadOf(record) as Partial<StationDecision>;
    return Number.isSafeInteger(effective) ? effective : undefined;
  } catch {
    // Not JSON: not ours. It stands at its receive time, and the fold parks on reading it.
    return undefined;
  }
}
