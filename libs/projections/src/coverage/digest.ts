import type { Digest } from '@chargeproof/projection/testing';

/** What `coverage` says of the fixed corpus. */
export const digest: Digest = {
  version: 1,
  corpus: '3eb2e1491c80dc6ef4020d8305adce9340c277887d0e270ae8194e28550a0c98',
  facts: 'd6d2564703558713ce0c5c21698f45dac8c885cf9c0159e1127d306d97d70dea',
};
