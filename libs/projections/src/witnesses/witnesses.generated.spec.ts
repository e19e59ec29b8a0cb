import { projectionSpec } from '@chargeproof/projection/testing';
import { digest } from './digest.ts';
import { witnesses } from './witnesses.ts';

projectionSpec(witnesses, { digest });
