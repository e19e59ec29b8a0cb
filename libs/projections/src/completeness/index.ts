export * from './clock.ts';
export * from './completeness-question.ts';
export * from './completeness.ts';
export * from './contract.ts';
export { lostCounts } from './lost-counts.ts';
