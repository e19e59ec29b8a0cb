import type { Attributes } from '@chargeproof/record';

/** The pool of all that a station's recordings show. No connection is named so: their ids begin with a digit. */
export const IMPORTED = 'imported';

/**
 * Where a frame's CALLs and responses meet: its connection; of imported frames one pool for the station, so
 * that files which overlap, or were cut in the middle, meet in it. Undefined: nowhere.
 */
export function poolOf({ witness, connection }: Attributes): string | undefined {
  return witness === 'import' ? IMPORTED : connection;
}
