export { meterValues } from './meter-values.ts';
export * from './meter-values-question.ts';
