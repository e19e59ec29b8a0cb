export { type Copying, type CopyingParts, startCopying, startSharedCopying } from './copying.ts';
export { DECISIONS } from './table.ts';
