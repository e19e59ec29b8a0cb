import { projectionSpec } from '@chargeproof/projection/testing';
import { digest } from './digest.ts';
import { findings } from './findings.ts';

projectionSpec(findings, { digest });
