import type { Attributes, LoggedRecord, Position, StationDecision } from '@chargeproof/record';
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
 * its id for one, so that no two have the same place. Of recordings that begin at the same moment the one
 * that was imported first stands first: a file cut in the middle and run again goes on where it stopped. A decision stands at the date from which it holds;
 * one for a date to come stands where it was made, or all that is recorded until then would be late, and
 * the fold sees its date.
 */
export function placeOf(record: LoggedRecord): Folded {
  const { attributes } = record;
  const { time, sequence } = effectivePlace(attributes);
  const connection = attributes.witness === 'import' ? recordingOf(attributes) : attributes.connection;
  return {
    time: Math.min(time, decisionDate(record) ?? time),
    connection: connection ?? attributes.id,
    sequence,
  };
}

/** The time digits of its own id, and their dash (`ids.ts` of the record). */
const TIME_PART = 12;

/** In text order of when it begins, then of when it was imported. */
function recordingOf({ connection, source }: Attributes): string | undefined {
  return connection && `${connection.slice(0, TIME_PART)}${source}/${connection}`;
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
