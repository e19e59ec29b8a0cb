import type { IncomingMessage } from 'node:http';
import {
  type Check,
  foldingChecks,
  foldingMetrics,
  type Latency,
  Metrics,
  type Operations,
} from '@chargeproof/operations';
import type { Copying, Engine } from '@chargeproof/projection';
import { frontierNow, readModelsBehind } from '@chargeproof/projections';
import type { Store } from '@chargeproof/tables';
import { type Access, mayAsk } from '../access/bearer.ts';
import type { RequestCounts } from './request-counts.ts';

export type QueryOperationsParts = {
  readonly store: Store;
  readonly access: Access;
  readonly counts: RequestCounts;
  /** Where this process folds, too. */
  readonly folding?: Folding | undefined;
};

type Folding = {
  readonly engine: Pick<Engine, 'stats' | 'failed'>;
  readonly copying: Pick<Copying, 'stats'>;
  readonly batches: Latency;
  readonly mostLagSeconds: number;
};

/** How the people who run it look at the query process, whether it folds or only answers. */
export function queryOperations({ store, access, counts, folding }: QueryOperationsParts): Operations {
  return {
    metrics: queryMetrics(counts, folding),
    checks: [
      // As every answer begins: this finds a store that is away, and one into which nobody has folded yet.
      { name: 'store', fault: () => frontierNow(store).then(() => undefined) },
      // A store that is away is told of above.
      { name: 'read-models', fault: () => readModelsBehind(store).then(behindFault, () => undefined) },
      ...(folding === undefined ? [] : checksOf(folding)),
    ],
    mayLook: (request: IncomingMessage) => mayAsk(access, request.headers.authorization, request),
  };
}

const behindFault = (names: readonly string[]): string | undefined =>
  names.length === 0
    ? undefined
    : `folded from the log's beginning by a projector of this release, and not there yet: ${names.join(', ')}`;

function queryMetrics({ requests, subscriptions, answering }: RequestCounts, folding?: Folding): Metrics {
  const metrics = new Metrics();
  metrics.tally('graphql_requests_total', 'Questions over HTTP, by outcome.', 'outcome', requests);
  metrics.tally('graphql_subscriptions_total', 'Subscriptions, by outcome.', 'outcome', subscriptions);
  metrics.latency('graphql_seconds', 'From a question to its answer.', [{ latency: answering }]);
  if (folding !== undefined) {
    foldingMetrics(metrics, figuresOf(folding), folding.batches);
  }
  return metrics;
}

const checksOf = (folding: Folding): Check[] =>
  foldingChecks({ ...figuresOf(folding), failed: folding.engine.failed }, folding.mostLagSeconds);

const figuresOf = ({ engine, copying }: Folding) => ({
  stats: () => engine.stats(),
  copied: () => copying.stats(),
});
