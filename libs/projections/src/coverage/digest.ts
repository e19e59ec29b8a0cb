import type { Digest } from '@chargeproof/projection/testing';

/** What `coverage` says of the fixed corpus. */
export const digest: Digest = {
  version: 2,
  corpus: 'edda349cd51db221df8f7ab89cc6ed3c02217450dca951264569d00f7fa7179a',
  facts: '9872c54aa295d1992bcaf015bba5971accca3a80fe2437200b0abefb1363de41',
};
