export * from './commands-question.ts';
