export type { Kind as TransactionKind, StopMethod, TimeSource, TransactionRow } from './transaction.ts';
export { transactionFrames } from './transaction-frames.ts';
export { transactions } from './transactions.ts';
export * from './transactions-question.ts';
