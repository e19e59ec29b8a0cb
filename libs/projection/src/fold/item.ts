import type { LoggedRecord } from '@chargeproof/record';
import type { Twin } from '@chargeproof/ocpp';
import type { Folded } from '../projection.ts';
import { comparePlaces, comparePositions } from './place.ts';

/** A record at its place in one stream. */
export type Item = {
  readonly place: Folded;
  readonly record: LoggedRecord;
  /** The connection that a run's record is about. */
  readonly standsFor?: string;
  readonly ends?: true;
  /** The record that lets an imported one be folded: nothing was known of it before. */
  readonly knownBy?: LoggedRecord;
  /** The live frame that an imported one is. */
  readonly twin?: Twin;
};

/** Of a record that is there twice the first in the log is folded. */
export function compareItems(a: Item, b: Item): number {
  return comparePlaces(a.place, b.place) || comparePositions(a.record.position, b.record.position);
}
