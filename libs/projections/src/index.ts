export * from './connections/connections.ts';
export * from './coverage/coverage.ts';
export * from './exchanges/exchanges.ts';
