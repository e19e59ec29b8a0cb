import type { Attributes, ClaimType } from './attributes.ts';
import type { RunId } from './ids.ts';
import { DEFAULT_TENANT, NO_STATION_KEY } from './key.ts';
import type { Micros } from './time.ts';

/** What gateways that share a log agree on by its order (decision 17): of two that claim the same, the first holds. */

/** The key file of this log, by names that say nothing of its keys. The first in the log holds for all of it. */
export type KeyNamed = {
  readonly run: RunId;
  readonly keyId: string;
  /** Of the key of stand-ins, which stays when the other is changed: equal tags have equal stand-ins by it. */
  readonly standInsId: string;
};

/** Ids that this run's folder gives to transactions: `from` to below `before`. Void where an earlier one overlaps. */
export type TransactionIdsClaimed = {
  readonly run: RunId;
  readonly from: number;
  readonly before: number;
};

/** @param ordinal counts the claims of the run, from 0 */
export function claimRecord(
  type: ClaimType,
  { run, ordinal, time }: { readonly run: RunId; readonly ordinal: number; readonly time: Micros },
): { readonly key: string; readonly attributes: Attributes } {
  const id = `${run}/claim/${ordinal}`;
  return {
    key: NO_STATION_KEY,
    attributes: { id, source: run, type, tenant: DEFAULT_TENANT, time, witness: 'wire' },
  };
}
