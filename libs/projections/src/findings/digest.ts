import type { Digest } from '@chargeproof/projection/testing';

/** What `findings` says of the fixed corpus. */
export const digest: Digest = {
  version: 1,
  corpus: 'edda349cd51db221df8f7ab89cc6ed3c02217450dca951264569d00f7fa7179a',
  facts: '73dd768c881c677b5197b59f4cce57e41e713c0faa8622146a84156d845b7c45',
};
