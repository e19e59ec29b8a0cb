export {
  type Copying,
  type CopyingParts,
  type CopyingStats,
  DECISIONS_CONSUMER,
  type SharedCopying,
  startCopying,
  startSharedCopying,
} from './copying.ts';
export { DECISIONS } from './table.ts';
