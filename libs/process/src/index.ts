export { lockFile } from './lock-file.ts';
export * from './owner-file.ts';
export * from './run-process.ts';
