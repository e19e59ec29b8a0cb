import type { Fact, Projection } from '@chargeproof/projection';
import type { Columns, Row } from '@chargeproof/tables';
import type { Paired } from './pairing.ts';
import { pair } from './pairing.ts';
import type { Pairing } from './transaction.ts';
import { NOTHING_PAIRED } from './transaction.ts';

const key = { transaction: 'String', record: 'String' } as const satisfies Columns;
const values = {
  /**
   * `start`, `retry` (its StartTransaction, sent again), `answer`, `stop`, `meter`, `status` (of its connector,
   * while it went on), `inferred` (an inferred end was read off it: it may be another transaction's start).
   */
  role: 'LowCardinality(String)',
} as const satisfies Columns;

/** The evidence of every transaction: the frames that tell of it, and those that its end was read off. */
export const transactionFrames: Projection<Pairing> = {
  name: 'transaction_frames',
  version: 1,
  of: 'station',
  key,
  values,
  initial: NOTHING_PAIRED,
  apply(state, observation) {
    const paired = pair(state, observation);
    return { state: paired.pairing, facts: factsOf(paired, observation.time) };
  },
  /** A frame that is another's now is named under that one. */
  successor: (gone, instead) => instead.find((fact) => isSameFrame(fact, gone))?.key,
};

const isSameFrame = ({ key: { record }, values: row }: Fact, gone: Row) =>
  record === gone.record && row?.role !== 'inferred';

function factsOf({ untold, told, forgotten }: Paired, time: Fact['time']): readonly Fact[] {
  if (told.length === 0 && untold.length === 0 && forgotten.length === 0) return NO_FACTS;
  const lasting = forgotten.flatMap(({ key: transaction, inferredFrom }) =>
    inferredFrom.map((record) => ({
      key: { transaction, record },
      values: { role: 'inferred' },
      time,
      settled: true as const,
    })),
  );
  return [
    ...untold.map((proof) => ({ key: { ...proof }, values: null, time })),
    // Only an inference is ever taken back.
    ...told.map(({ transaction, record, role }) => ({
      key: { transaction, record },
      values: { role },
      time,
      ...(role === 'inferred' ? {} : { settled: true as const }),
    })),
    ...lasting,
  ];
}

const NO_FACTS: readonly Fact[] = [];
