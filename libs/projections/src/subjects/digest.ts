import type { Digest } from '@chargeproof/projection/testing';

/** What `subjects` says of the fixed corpus, sealed. */
export const digest: Digest = {
  version: 1,
  corpus: 'd5eb6807eb5b4303117cca045fc17c3af95d7835ef5e29adb5c6204dbc6a8467',
  facts: 'e3c4eb870ec2b37df2ec205e96ee7dc23a09d673b4cc5830823d7efee190d6a5',
};
