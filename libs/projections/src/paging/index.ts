export * from './cursor.ts';
export * from './narrowed.ts';
export * from './order.ts';
export * from './page.ts';
export * from './fact-rows.ts';
export * from './list.ts';
