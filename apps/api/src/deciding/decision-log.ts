import type { AppendRequest } from '@chargeproof/log';
import type { OwnRules, SealingKeys } from '@chargeproof/record';

/** Where decisions go. Each throws {@link CannotDecide} in one line that says what to do. */
export type DecisionLog = {
  /** What secrets and tags in them are sealed with: the gateways' own, which have to open them. */
  keys(): Promise<SealingKeys>;
  /** What this deployment seals besides. */
  readonly rules?: OwnRules | undefined;
  /** Resolves when all are durable. */
  append(records: readonly AppendRequest[]): Promise<void>;
  close(): Promise<void>;
};

/** Nothing was decided, and nobody is going to do anything. */
export class CannotDecide extends Error {
  override readonly name = 'CannotDecide';
}
