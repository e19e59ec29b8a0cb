export {
  type Copying,
  type CopyingParts,
  type CopyingStats,
  type SharedCopying,
  startCopying,
  startSharedCopying,
} from './copying.ts';
export { DECISIONS } from './table.ts';
