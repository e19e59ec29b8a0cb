import { projectionSpec } from '@chargeproof/projection/testing';
import { coverage } from './coverage.ts';
import { digest } from './digest.ts';

projectionSpec(coverage, { digest });
