import { projectionSpec } from '@chargeproof/projection/testing';
import { exchanges } from './exchanges.ts';
import { digest } from './digest.ts';

projectionSpec(exchanges, { digest });
