import type { Digest } from '@chargeproof/projection/testing';

/** What `status` says of the fixed corpus. */
export const digest: Digest = {
  version: 1,
  corpus: 'edda349cd51db221df8f7ab89cc6ed3c02217450dca951264569d00f7fa7179a',
  facts: '1be4e3c4bbbfac6dc269e9a2b940d4d95776150c2bc0b2ce8ef4f5740b777b5d',
};
