export * from './stations-question.ts';
export * from './stations.ts';
