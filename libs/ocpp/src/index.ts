export * from './codec/read-frame.ts';
export * from './frame.ts';
export * from './observation.ts';
export * from './payload/index.ts';
export { bounded } from './reading/bounded.ts';
export { isResponse, MOST_OPEN_CALLS } from './reading/correlate.ts';
export { frameOf, payloadOf } from './reading/payload.ts';
export * from './reading/read.ts';
export * from './reading/reading.ts';
