import type { Frontier, PeriodQuestion } from '@chargeproof/projections';
import type { Micros } from '@chargeproof/record';
import { badInput } from './errors.ts';

const SECOND = 1_000_000;
const LONGEST_YEARS = 10;
/** With its leap days. */
const LONGEST = LONGEST_YEARS * 366 * 86_400 * SECOND;

/** @param within the argument that holds the two, as `filter` */
export function checkOrder(
  { from, to }: { readonly from?: Micros | null | undefined; readonly to?: Micros | null | undefined },
  within = '',
): void {
  if (from === undefined || from === null || to === undefined || to === null || from <= to) return;
  throw badInput(`${within === '' ? '' : `${within}.`}from`, 'is after to: give the earlier moment as from');
}

/** A period that a figure is computed of: it has an end behind its beginning, and is not for ever. */
export function checkPeriod(period: { readonly from: Micros; readonly to: Micros }): void {
  checkOrder(period);
  if (period.from === period.to) throw badInput('to', 'is the same moment as from: give a later one');
  if (period.to - period.from > LONGEST)
    throw badInput('to', `is more than ${LONGEST_YEARS} years after from: ask for a shorter period`);
}

/** The arguments of a figure of some stations and a period. */
export type PeriodArguments = {
  readonly tenant: string;
  readonly station?: readonly string[] | null;
  readonly from: Micros;
  readonly to: Micros;
  readonly asOf?: string | null;
};

/** What they ask; members in one order, so that equal questions are told by their text. */
export const periodQuestion = (
  { tenant, station, from, to }: Omit<PeriodArguments, 'asOf'>,
  frontier: Frontier,
): PeriodQuestion => ({ tenant, station: station ?? undefined, from, to, frontier });
