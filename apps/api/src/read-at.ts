import { type Frontier, frontierNow, frontierThen, parseFrontier } from '@chargeproof/projections';
import { parseMicros } from '@chargeproof/record';
import type { Store } from '@chargeproof/tables';
import { badInput } from './errors.ts';

/** The positions a question is answered at: of now, of a moment, or those an earlier answer named. */
export async function resolveFrontier(store: Store, asOf: string | null | undefined): Promise<Frontier> {
  if (asOf === undefined || asOf === null) return frontierNow(store);
  const named = parseFrontier(asOf);
  if (named !== undefined) return named;
  const moment = parseMicros(asOf);
  if (moment === undefined)
    throw badInput('asOf', 'is a DateTime with a zone, or the readAt of an earlier answer');
  return frontierThen(store, moment);
}
