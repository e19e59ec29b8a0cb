import type { Digest } from '@chargeproof/projection/testing';

/** What `connections` says of the fixed corpus. */
export const digest: Digest = {
  version: 1,
  corpus: 'ddb22593ccc1c84699004c7164efe80b84798e03e3b39e64d6cb93df3c459d7c',
  facts: '48d714263224f9272fd8f3ea66da2ef5fae451122b4997d4fab277d2d6a7cd06',
};
