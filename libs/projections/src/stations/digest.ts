import type { Digest } from '@chargeproof/projection/testing';

/** What `stations` says of the fixed corpus. */
export const digest: Digest = {
  version: 1,
  corpus: '9b4021395bda4ad81a47dc8dfde9929449eee609cae68f096b3b40216bd6118d',
  facts: '6bd61c0849452660fcc31a7a14665f5d31474185231acf712478d2c44a3e00ce',
};
