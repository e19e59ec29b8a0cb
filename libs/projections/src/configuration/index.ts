export * from './configuration-question.ts';
export * from './configuration.ts';
