export * from './drain.ts';
export * from './log-contract.ts';
export * from './log-under-test.ts';
export * from './sample-records.ts';
