export * from './energy/contract.ts';
export * from './energy/energy.ts';
export * from './energy/format.ts';
