import { projectionSpec } from '@chargeproof/projection/testing';
import { digest } from './digest.ts';
import { meterValues } from './meter-values.ts';

projectionSpec(meterValues, { digest });
