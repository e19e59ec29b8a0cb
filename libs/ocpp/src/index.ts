export * from './codec/read-frame.ts';
export * from './frame.ts';
export * from './observation.ts';
