import type { Digest } from '@chargeproof/projection/testing';

/** What `exchanges` says of the fixed corpus. */
export const digest: Digest = {
  version: 1,
  corpus: 'c313d4bf736c7f0487d6b0ef2a39372070377b9baadf2443a9496d97a3481964',
  facts: '838b9beb266071531cea8314aea7b3a7f9ccc9f2dcab32fb3adff4a635c033c0',
};
