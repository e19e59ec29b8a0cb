export { isFromThisMachine, isPeerHere, namesThisMachine, showsToken } from './access.ts';
export { operations, type Operations } from './endpoint.ts';
export { type Folding, foldingChecks, foldingMetrics } from './folding.ts';
export { Latency } from './latency.ts';
export { listenForOperations, type OperationsListener } from './listener.ts';
export { Metrics, type Reading } from './metrics.ts';
export { type Check, lookAt, type Reason } from './readiness.ts';
export { Tally } from './tally.ts';
