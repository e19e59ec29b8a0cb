export { answer, type Answered } from './answer.ts';
export { type Circumstances, HEARTBEAT_SECONDS } from './circumstances.ts';
export { NEW_STATION, type StationState } from './station-state.ts';
export * from './commands/index.ts';
