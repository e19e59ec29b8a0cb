import type { Fact, Projection } from '@chargeproof/projection';
import type { Micros } from '@chargeproof/record';
import type { Row } from '@chargeproof/tables';
import { key, values } from './columns.ts';
import { pair } from './pairing.ts';
import type { Pairing, Transaction } from './transaction.ts';
import { NOTHING_PAIRED } from './transaction.ts';

/** Every transaction, refused attempt and orphan of a station: how it began, ended, and how that is known. */
export const transactions: Projection<Pairing> = {
  name: 'transactions',
  version: 1,
  of: 'station',
  key,
  values,
  initial: NOTHING_PAIRED,
  apply(state, observation) {
    const { pairing, changed, forgotten } = pair(state, observation);
    if (changed.length === 0) return { state: pairing, facts: NO_FACTS };
    const over = new Set(forgotten.map((one) => one.key));
    const facts = changed
      .filter((one) => !over.has(one.key))
      .map((one) => factOf(one, observation.time))
      .concat(forgotten.map((one) => ({ ...factOf(one, observation.time), settled: true })));
    return { state: pairing, facts };
  },
  successor,
};

const NO_FACTS: readonly Fact[] = [];

function factOf({ key: transaction, row }: Transaction, time: Micros): Fact {
  return { key: { transaction }, values: row, time };
}

/** Where a late record shows that it was a part of another, that one names its frame. */
function successor(gone: Row, instead: readonly Fact[]): Row | undefined {
  return instead.find(({ values: row }) => NAMES_FRAMES.some((name) => row?.[name] === gone.transaction))
    ?.key;
}
const NAMES_FRAMES = [
  'start_record',
  'last_start_record',
  'first_meter_record',
  'stop_record',
  'last_record',
];
