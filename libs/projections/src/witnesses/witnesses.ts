import type { Projection } from '@chargeproof/projection';
import type { Columns } from '@chargeproof/tables';

/** The record of the imported frame. */
const key = { record: 'String' } as const satisfies Columns;
const values = {
  /** The record of the live frame that it is. */
  same_as: 'String',
  /** Microseconds that its recording's clock is ahead of the gateway's. */
  clock_offset: 'Int64',
} as const satisfies Columns;

/** Which imported frames are live ones (DESIGN 5, two witnesses). Of all others a recording is the only witness. */
export const witnesses: Projection<null> = {
  name: 'witnesses',
  version: 1,
  of: 'station',
  key,
  values,
  initial: null,
  apply(state, observation) {
    if (observation.kind !== 'same-as') return { state, facts: [] };
    const { record, sameAs, clockOffset, time } = observation;
    const row = { same_as: sameAs, clock_offset: clockOffset };
    return {
      state,
      facts: [{ key: { record: record.attributes.id }, values: row, time, settled: true }],
    };
  },
};
