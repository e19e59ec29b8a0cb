export { UNJUDGED_RULES } from './connection-rules.ts';
export * from './frame-rules.ts';
export * from './handshake-rules.ts';
export * from './payload-rules.ts';
export * from './rules.ts';
export { type PayloadFault, payloadFaults } from './schemas/faults.ts';
export { type Half, type PayloadContext, schemaBreaches } from './schemas/checker.ts';
