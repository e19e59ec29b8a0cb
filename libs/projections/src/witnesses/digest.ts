import type { Digest } from '@chargeproof/projection/testing';

/** What `witnesses` says of the fixed corpus. */
export const digest: Digest = {
  version: 1,
  corpus: 'edda349cd51db221df8f7ab89cc6ed3c02217450dca951264569d00f7fa7179a',
  facts: '5037ab76bc6f786bf08de1f2e3b0720006e11130170fbd98561fc5d92d7cf982',
};
