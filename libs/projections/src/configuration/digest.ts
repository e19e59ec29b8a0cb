import type { Digest } from '@chargeproof/projection/testing';

/** What `configuration` says of the fixed corpus. */
export const digest: Digest = {
  version: 1,
  corpus: 'edda349cd51db221df8f7ab89cc6ed3c02217450dca951264569d00f7fa7179a',
  facts: 'd2039236560bb106f3d05a3ebefd6feaea4f1b89a7228dad2ad539589daf8b49',
};
