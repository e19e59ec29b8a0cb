import type { Digest } from '@chargeproof/projection/testing';

/** What `connections` says of the fixed corpus. */
export const digest: Digest = {
  version: 1,
  corpus: 'ddb22593ccc1c84699004c7164efe80b84798e03e3b39e64d6cb93df3c459d7c',
  facts: '650ce0ec0180b1d1a7358f74112911b9db43d09a890dd63346894afd850fb34b',
};
