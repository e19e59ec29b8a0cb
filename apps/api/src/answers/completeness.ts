import {
  clockWords,
  type CompletenessEntry,
  type Frontier,
  isOff,
  knownShare,
  type PeriodQuestion,
} from '@chargeproof/projections';
import { formatSeconds } from '@chargeproof/uptime';
import type { Asked } from '../asking/asked.ts';
import { evidenceOfIds } from './evidence.ts';

/** How whole the record of a station is in a period, as the schema has it. */
export function toCompleteness(asked: Asked, entry: CompletenessEntry, frontier: Frontier) {
  const { tenant, station, from, to, complete, watched, unwatched, recorded, gaps, clock } = entry;
  return {
    tenant,
    station,
    from,
    to,
    complete,
    knownShare: formatSeconds(knownShare(entry, entry)),
    watchedSeconds: formatSeconds(watched),
    unwatchedSeconds: formatSeconds(unwatched),
    records: recorded,
    gaps: gaps.map(({ records, ...gap }) => ({
      ...gap,
      evidence: evidenceOfIds(asked, entry, frontier, records),
    })),
    clockOffsetMicros: clock.largest?.offset ?? null,
    clock: toClock(asked, entry, frontier),
    evidence: evidenceOfIds(asked, entry, frontier, entry.records),
  };
}

function toClock(asked: Asked, entry: CompletenessEntry, frontier: Frontier) {
  const { ticks, known, largest } = entry.clock;
  return {
    says: clockWords(entry.clock),
    isOff: isOff(entry.clock),
    offsetMicros: largest?.offset ?? null,
    uncertaintyMicros: largest?.uncertainty ?? null,
    at: largest?.at ?? null,
    run: largest?.run ?? null,
    ticks,
    knownTicks: known,
    evidence: evidenceOfIds(asked, entry, frontier, [largest?.record ?? null]),
  };
}

/** The completeness of an answer's stations, read when it is first asked for: of all together, or of one. */
export function completenessBehind(asked: Asked, question: PeriodQuestion) {
  const { frontier } = question;
  return {
    all: async () =>
      (await asked.completeness(question)).map((entry) => toCompleteness(asked, entry, frontier)),
    /** Null where nothing is known of it. */
    of: async (station: string) => {
      const entry = (await asked.completeness(question)).find((one) => one.station === station);
      return entry === undefined ? null : toCompleteness(asked, entry, frontier);
    },
  };
}
