import { projectionSpec } from '@chargeproof/projection/testing';
import { digest, framesDigest } from './digest.ts';
import { transactionFrames } from './transaction-frames.ts';
import { transactions } from './transactions.ts';

projectionSpec(transactions, { digest });
projectionSpec(transactionFrames, { digest: framesDigest });
