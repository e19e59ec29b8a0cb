import type { Digest } from '@chargeproof/projection/testing';

/** What `findings` says of the fixed corpus. */
export const digest: Digest = {
  version: 1,
  corpus: 'c313d4bf736c7f0487d6b0ef2a39372070377b9baadf2443a9496d97a3481964',
  facts: '10e014c3a71fdcf2b1dab014f32ca3a6c55de9980bae8579daf405caeb0da078',
};
