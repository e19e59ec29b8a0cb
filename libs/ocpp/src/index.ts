export * from './frame.ts';
export * from './observation.ts';
