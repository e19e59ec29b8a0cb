export * from './policy-question.ts';
