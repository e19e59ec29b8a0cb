export * from './evidence.ts';
export * from './frames-by-id.ts';
