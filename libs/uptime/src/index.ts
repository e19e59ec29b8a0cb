export * from './contract.ts';
export * from './format.ts';
export * from './registration.ts';
export * from './spans.ts';
export * from './uptime.ts';
