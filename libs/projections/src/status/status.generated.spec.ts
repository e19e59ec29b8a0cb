import { projectionSpec } from '@chargeproof/projection/testing';
import { status } from './status.ts';
import { digest } from './digest.ts';

projectionSpec(status, { digest });
