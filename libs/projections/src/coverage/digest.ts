import type { Digest } from '@chargeproof/projection/testing';

/** What `coverage` says of the fixed corpus. */
export const digest: Digest = {
  version: 1,
  corpus: 'c313d4bf736c7f0487d6b0ef2a39372070377b9baadf2443a9496d97a3481964',
  facts: 'aebbe5b238461c3cfa524e9d6c53bfcb7559d75c7b0f554259156dd95440c59e',
};
