export * from './contract.ts';
export * from './energy-question.ts';
