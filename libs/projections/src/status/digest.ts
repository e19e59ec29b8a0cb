import type { Digest } from '@chargeproof/projection/testing';

/** What `status` says of the fixed corpus. */
export const digest: Digest = {
  version: 1,
  corpus: '9b4021395bda4ad81a47dc8dfde9929449eee609cae68f096b3b40216bd6118d',
  facts: '1be4e3c4bbbfac6dc269e9a2b940d4d95776150c2bc0b2ce8ef4f5740b777b5d',
};
