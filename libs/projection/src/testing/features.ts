import type { LoggedRecord } from '@chargeproof/record';
import { openedAt } from '@chargeproof/record';
import { isImport } from '../fold/imports.ts';
import { isRunRecord } from '../fold/items.ts';
import { comparePlaces, placeOf } from '../fold/place.ts';

/** What a log has in it that folds find hard; counted to show that the generator really makes each. */
export const FEATURES = [
  'clockStep',
  'secondRunTick',
  'lateSpool',
  'retroactiveDecision',
  'resent',
  'recording',
  'cutRecording',
] as const;
export type Feature = (typeof FEATURES)[number];

const HAS: Readonly<Record<Feature, (log: readonly LoggedRecord[]) => boolean>> = {
  clockStep: (log) => log.some(isOffItsConnection),
  secondRunTick: (log) => {
    const ticking = log.filter(({ attributes }) => attributes.type === 'recorder.tick.v1');
    return new Set(ticking.map(({ attributes }) => attributes.source)).size > 1;
  },
  lateSpool: hasLateSpool,
  retroactiveDecision: (log) =>
    log.some(
      (record, index) =>
        record.attributes.type === 'station.decision.v1' &&
        log
          .slice(0, index)
          .some((other) => isOfStation(other) && comparePlaces(placeOf(other), placeOf(record)) > 0),
    ),
  recording: (log) => log.some(isEnd),
  cutRecording: (log) => {
    const ended = new Set(log.filter(isEnd).map(({ attributes }) => attributes.connection));
    return log.some((record) => isImport(record) && !ended.has(record.attributes.connection));
  },
  resent: (log) => new Set(log.map(({ attributes }) => attributes.id)).size < log.length,
};

export function featuresOf(log: readonly LoggedRecord[]): readonly Feature[] {
  return FEATURES.filter((feature) => HAS[feature](log));
}

/** The wall clock moved on otherwise than the connection's own. */
function isOffItsConnection({ attributes: { connection, monotonic, time, witness } }: LoggedRecord): boolean {
  return (
    witness === 'wire' &&
    connection !== undefined &&
    monotonic !== undefined &&
    openedAt(connection) + monotonic !== time
  );
}

/** A connection of which the first record comes after a record of one that opened later. */
function hasLateSpool(log: readonly LoggedRecord[]): boolean {
  const seen = new Set<string>();
  let newest = '';
  for (const { attributes } of log) {
    const { connection, witness } = attributes;
    if (connection === undefined || witness === 'import') continue;
    if (!seen.has(connection) && connection < newest) return true;
    seen.add(connection);
    if (connection > newest) newest = connection;
  }
  return false;
}

const isEnd = ({ attributes }: LoggedRecord) => attributes.type === 'recording.ended.v1';
const isOfStation = (record: LoggedRecord) => !isRunRecord(record);
