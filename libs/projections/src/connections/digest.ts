import type { Digest } from '@chargeproof/projection/testing';

/** What `connections` says of the fixed corpus. */
export const digest: Digest = {
  version: 1,
  corpus: '3eb2e1491c80dc6ef4020d8305adce9340c277887d0e270ae8194e28550a0c98',
  facts: '48d714263224f9272fd8f3ea66da2ef5fae451122b4997d4fab277d2d6a7cd06',
};
