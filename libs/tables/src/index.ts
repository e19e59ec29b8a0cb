export * from './ddl.ts';
export * from './definition.ts';
export * from './errors.ts';
export * from './migration.ts';
export * from './rows.ts';
export * from './shape.ts';
export * from './store.ts';
export * from './wtf8.ts';
