export * from './evidence.ts';
export * from './frames-by-id.ts';
export * from './same-as.ts';
