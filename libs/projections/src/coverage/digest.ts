import type { Digest } from '@chargeproof/projection/testing';

/** What `coverage` says of the fixed corpus. */
export const digest: Digest = {
  version: 3,
  corpus: 'edda349cd51db221df8f7ab89cc6ed3c02217450dca951264569d00f7fa7179a',
  facts: 'b53fbf19431764372cf09d3a3fa2e5d546715150f5673b133f36ad7abcb0b832',
};
