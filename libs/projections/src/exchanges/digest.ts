import type { Digest } from '@chargeproof/projection/testing';

/** What `exchanges` says of the fixed corpus. */
export const digest: Digest = {
  version: 1,
  corpus: 'edda349cd51db221df8f7ab89cc6ed3c02217450dca951264569d00f7fa7179a',
  facts: 'f552f30c80165680f07dba6e8825fc71129bc85057ddb696a41e2fc9fa37fccb',
};
