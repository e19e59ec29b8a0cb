import type { Digest } from '@chargeproof/projection/testing';

/** What `coverage` says of the fixed corpus. */
export const digest: Digest = {
  version: 4,
  corpus: 'edda349cd51db221df8f7ab89cc6ed3c02217450dca951264569d00f7fa7179a',
  facts: 'e33e84f7c059ca38d197294e73b9254993a25cc059d12a30efc16e501254d4de',
};
