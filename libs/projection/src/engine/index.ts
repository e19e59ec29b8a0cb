export { digestOfCurrent, digestOfHistory } from './digest.ts';
export { startEngine } from './engine.ts';
export { ENGINE_DEFAULTS } from './options.ts';
export type { Engine, EngineOptions, EngineParts } from './options.ts';
export { startSharedEngine } from './shared.ts';
export type { SharedEngine, SharedEngineParts } from './shared.ts';
export type { ParkedStream } from './parkings.ts';
export { consumerOf } from './start.ts';
export type { BatchStats, EngineStats, FlushReason, PartitionStats } from './stats.ts';
export {
  CHECKPOINTS,
  currentTable,
  factsTable,
  OFFSETS_PER_GENERATION,
  PARKED,
  STATES,
  versionOf,
} from './tables.ts';
