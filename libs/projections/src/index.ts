export * from './connections/connections.ts';
export * from './coverage/coverage.ts';
export * from './exchanges/exchanges.ts';
export * from './frames/index.ts';
export * from './read-at/index.ts';
export * from './all.ts';
