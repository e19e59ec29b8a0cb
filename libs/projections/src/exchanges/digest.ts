import type { Digest } from '@chargeproof/projection/testing';

/** What `exchanges` says of the fixed corpus. */
export const digest: Digest = {
  version: 1,
  corpus: '3eb2e1491c80dc6ef4020d8305adce9340c277887d0e270ae8194e28550a0c98',
  facts: '1b4cc7dd7d13a3edd2fd5167dcd0e158f212c83aebb20ddb56dbf72d5a9ccda9',
};
