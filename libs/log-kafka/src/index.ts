export type { KafkaOptions } from './client/client.ts';
export { openKafkaLog, openKafkaLogReader } from './open.ts';
export { takeTurn, type Turn } from './turn.ts';
