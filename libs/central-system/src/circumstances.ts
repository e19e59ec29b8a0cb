import type { Micros } from '@chargeproof/record';
import type { StationPolicy } from './policy/station-policy.ts';

/** What an answer needs of the world. */
export type Circumstances = {
  readonly now: Micros;
  /**
   * The next transaction id: positive, below 2^31 because stations keep a signed 32-bit integer, and never given
   * before or again. It is durable when it is returned; undefined where none can be had.
   */
  readonly takeTransactionId: () => number | undefined;
  readonly policy: StationPolicy;
};
