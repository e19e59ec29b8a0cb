export * from './filter.ts';
export * from './frame-row.ts';
export * from './frames.ts';
export * from './tail.ts';
