export * from './log.ts';
export * from './memory.ts';
export * from './numbering.ts';
export * from './partition-clock.ts';
export * from './requests.ts';
export * from './sharing.ts';
export * from './subscription.ts';
