import type { Digest } from '@chargeproof/projection/testing';

/** What `transactions` says of the fixed corpus. */
export const digest: Digest = {
  version: 1,
  corpus: 'edda349cd51db221df8f7ab89cc6ed3c02217450dca951264569d00f7fa7179a',
  facts: 'fe9115bde6c67c571aacdcf53b8926dcd7a725be1df37bf620b5e3b3d0fd2d55',
};

/** What `transaction_frames` says of it. */
export const framesDigest: Digest = {
  version: 1,
  corpus: 'edda349cd51db221df8f7ab89cc6ed3c02217450dca951264569d00f7fa7179a',
  facts: 'c161033a53737458b250646fc3a8066a4943f292b2bebc80f7c97fcd89fa8caa',
};
