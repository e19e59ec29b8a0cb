export * from './behind.ts';
export * from './facts-at.ts';
export * from './frontier.ts';
export * from './positions.ts';
