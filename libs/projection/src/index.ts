export * from './fold/folder.ts';
export * from './projection.ts';
