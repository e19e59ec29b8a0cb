export * from './frontier.ts';
export * from './positions.ts';
