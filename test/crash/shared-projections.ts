import { PROJECTIONS } from '@chargeproof/projections';

const NAMES: readonly string[] = ['connections', 'coverage', 'exchanges', 'transactions'];

/** What the projectors that share a log fold: of stations and of runs, few, so that a death costs little time. */
export const SHARED_PROJECTIONS = PROJECTIONS.filter(({ name }) => NAMES.includes(name));
