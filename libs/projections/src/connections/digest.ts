import type { Digest } from '@chargeproof/projection/testing';

/** What `connections` says of the fixed corpus. */
export const digest: Digest = {
  version: 1,
  corpus: 'edda349cd51db221df8f7ab89cc6ed3c02217450dca951264569d00f7fa7179a',
  facts: '22a25768d5489c714c2ef11ea561d210c60eee3766267b0ab7e77831292d8288',
};
