import type { Digest } from '@chargeproof/projection/testing';

/** What `meter_values` says of the fixed corpus. */
export const digest: Digest = {
  version: 1,
  corpus: 'edda349cd51db221df8f7ab89cc6ed3c02217450dca951264569d00f7fa7179a',
  facts: '00f57e21f0aaa80d118429df574ec4dc8b6a861be22c3b80afcf05fd6b00d055',
};
