export * from './board.ts';
export * from './call.ts';
export * from './standing.ts';
