import {
  type Frontier,
  frontierNow,
  frontierThen,
  knowsMoreDecisions,
  parseFrontier,
  partitionsBeyond,
} from '@chargeproof/projections';
import { parseMicros } from '@chargeproof/record';
import type { Store } from '@chargeproof/tables';
import { badInput } from './errors.ts';
import { withinReach } from '../scalars.ts';

/** The positions a question is answered at: of now, of a moment, or those an earlier answer named. */
export async function resolveFrontier(store: Store, asOf: string | null | undefined): Promise<Frontier> {
  if (asOf === undefined || asOf === null) return frontierNow(store);
  const named = parseFrontier(asOf);
  if (named !== undefined) return requireReached(store, named, 'asOf');
  const moment = parseMicros(asOf);
  if (moment === undefined)
    throw badInput('asOf', 'is a DateTime with a zone, or the readAt of an earlier answer');
  return frontierThen(store, withinReach(moment));
}

/**
 * Positions an earlier answer named, once they are written: after a rebuild has begun they may not be yet,
 * and an answer with less in it would pass for the earlier one.
 */
export async function requireReached(store: Store, named: Frontier, argument: string): Promise<Frontier> {
  const now = await frontierNow(store);
  const beyond = partitionsBeyond(named, now);
  if (knowsMoreDecisions(named, now))
    throw badInput(argument, 'names a position of decisions that is not copied yet');
  if (beyond.length === 0) return named;
  throw badInput(argument, `names positions that are not folded yet, in partition ${beyond.join(', ')}`);
}
