import { projectionSpec } from '@chargeproof/projection/testing';
import { configuration } from './configuration.ts';
import { digest } from './digest.ts';

projectionSpec(configuration, { digest });
