export * from './frames/index.ts';
