import type { Digest } from '@chargeproof/projection/testing';

/** What `findings` says of the fixed corpus. */
export const digest: Digest = {
  version: 1,
  corpus: 'edda349cd51db221df8f7ab89cc6ed3c02217450dca951264569d00f7fa7179a',
  facts: 'f304828df02f519da625985aa3913e863cd783130b4cc06c123270d37a8fb4db',
};
