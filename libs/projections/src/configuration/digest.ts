import type { Digest } from '@chargeproof/projection/testing';

/** What `configuration` says of the fixed corpus. */
export const digest: Digest = {
  version: 1,
  corpus: '9b4021395bda4ad81a47dc8dfde9929449eee609cae68f096b3b40216bd6118d',
  facts: 'd2039236560bb106f3d05a3ebefd6feaea4f1b89a7228dad2ad539589daf8b49',
};
