export * from './contract.ts';
export * from './uptime-question.ts';
