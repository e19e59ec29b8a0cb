export * from './status-question.ts';
export * from './status.ts';
