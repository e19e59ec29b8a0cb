export * from './clock.ts';
export * from './members.ts';
export * from './scalars.ts';
