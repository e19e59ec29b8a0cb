import type { Digest } from '@chargeproof/projection/testing';

/** What `findings` says of the fixed corpus. */
export const digest: Digest = {
  version: 2,
  corpus: 'edda349cd51db221df8f7ab89cc6ed3c02217450dca951264569d00f7fa7179a',
  facts: 'a10b770bf4f6f9a56d8b468e2011e738128a8966cd91077b661fc343cf22b6af',
};
