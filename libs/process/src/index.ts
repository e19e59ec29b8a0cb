export * from './owner-file.ts';
export * from './run-process.ts';
