export * from './energy/contract.ts';
export * from './energy/format.ts';
