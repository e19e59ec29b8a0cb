export * from './fold/folder.ts';
export * from './projection.ts';
export * from './decisions/index.ts';
export * from './engine/index.ts';
export * from './records/index.ts';
