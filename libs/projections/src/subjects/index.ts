export * from './subjects-question.ts';
export * from './subjects.ts';
