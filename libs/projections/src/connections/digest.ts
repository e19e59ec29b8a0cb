import type { Digest } from '@chargeproof/projection/testing';

/** What `connections` says of the fixed corpus. */
export const digest: Digest = {
  version: 1,
  corpus: 'c313d4bf736c7f0487d6b0ef2a39372070377b9baadf2443a9496d97a3481964',
  facts: '64f387bf30b4b96c6613d810a0da3dabc70c359e01ee833d97486c3cc417a216',
};
