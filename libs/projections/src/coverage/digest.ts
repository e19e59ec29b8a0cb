import type { Digest } from '@chargeproof/projection/testing';

/** What `coverage` says of the fixed corpus. */
export const digest: Digest = {
  version: 1,
  corpus: 'ddb22593ccc1c84699004c7164efe80b84798e03e3b39e64d6cb93df3c459d7c',
  facts: 'd6d2564703558713ce0c5c21698f45dac8c885cf9c0159e1127d306d97d70dea',
};
