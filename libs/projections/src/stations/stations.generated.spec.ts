import { projectionSpec } from '@chargeproof/projection/testing';
import { stations } from './stations.ts';
import { digest } from './digest.ts';

projectionSpec(stations, { digest });
