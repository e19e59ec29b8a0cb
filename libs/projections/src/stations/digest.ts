import type { Digest } from '@chargeproof/projection/testing';

/** What `stations` says of the fixed corpus. */
export const digest: Digest = {
  version: 1,
  corpus: 'edda349cd51db221df8f7ab89cc6ed3c02217450dca951264569d00f7fa7179a',
  facts: '6bd61c0849452660fcc31a7a14665f5d31474185231acf712478d2c44a3e00ce',
};
