import { projectionSpec, sealedWorld } from '@chargeproof/projection/testing';
import { digest } from './digest.ts';
import { subjects } from './subjects.ts';

projectionSpec(subjects, { digest, dressed: sealedWorld, cases: 200 });
