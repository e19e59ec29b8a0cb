import type { Digest } from '@chargeproof/projection/testing';

/** What `exchanges` says of the fixed corpus. */
export const digest: Digest = {
  version: 1,
  corpus: 'ddb22593ccc1c84699004c7164efe80b84798e03e3b39e64d6cb93df3c459d7c',
  facts: '1b4cc7dd7d13a3edd2fd5167dcd0e158f212c83aebb20ddb56dbf72d5a9ccda9',
};
