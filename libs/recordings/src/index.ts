export { Conversation, type Turn } from './conversation.ts';
export * from './formats.ts';
export { Ordinals, RecordIds } from './ids.ts';
export type { Read, RecordedFrame, RecordedRecord, RecordingReader } from './reader.ts';
export { readRecord, writeRecord } from './record-format.ts';
export * from './recording.ts';
export { timestampOf, type TracedFrame, writeTrace } from './write-trace.ts';
export { type Counts, NO_COUNTS, sumOfCounts, Tally } from './tally.ts';
export { ClaimedTimes, isPlausible, type Zone, zoneOf } from './time.ts';
