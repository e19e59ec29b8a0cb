import { projectionSpec } from '@chargeproof/projection/testing';
import { connections } from './connections.ts';
import { digest } from './digest.ts';

projectionSpec(connections, { digest });
