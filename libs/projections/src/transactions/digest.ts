import type { Digest } from '@chargeproof/projection/testing';

/** What `transactions` says of the fixed corpus. */
export const digest: Digest = {
  version: 1,
  corpus: 'edda349cd51db221df8f7ab89cc6ed3c02217450dca951264569d00f7fa7179a',
  facts: '3e73ca6b7912661162ef669e02f2b0a7ff376c4270068ab801e7909b292b16fc',
};

/** What `transaction_frames` says of it. */
export const framesDigest: Digest = {
  version: 1,
  corpus: 'edda349cd51db221df8f7ab89cc6ed3c02217450dca951264569d00f7fa7179a',
  facts: 'c161033a53737458b250646fc3a8066a4943f292b2bebc80f7c97fcd89fa8caa',
};
