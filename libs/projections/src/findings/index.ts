export * from './findings-question.ts';
export { findings } from './findings.ts';
