export * from './cursor.ts';
export * from './filter.ts';
export * from './frames.ts';
