export * from './definition.ts';
export * from './store.ts';
