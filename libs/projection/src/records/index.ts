export * from './from-row.ts';
export * from './subjects.ts';
export * from './table.ts';
export * from './to-row.ts';
