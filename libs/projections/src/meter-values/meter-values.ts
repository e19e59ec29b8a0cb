import type { Fact, Projection } from '@chargeproof/projection';
import { pair } from '../transactions/pairing.ts';
import type { Meter, Stop } from '../transactions/messages.ts';
import type { Pairing } from '../transactions/transaction.ts';
import { NOTHING_PAIRED } from '../transactions/transaction.ts';
import { key, values } from './columns.ts';

/** Every SampledValue that a station sent, and the transaction it belongs to. */
export const meterValues: Projection<Pairing> = {
  name: 'meter_values',
  version: 1,
  of: 'station',
  key,
  values,
  initial: NOTHING_PAIRED,
  apply(state, observation) {
    const { pairing, message, belongsTo } = pair(state, observation);
    const isMeter = message?.is === 'meter' || message?.is === 'stop';
    return { state: pairing, facts: isMeter ? factsOf(message, belongsTo) : NO_FACTS };
  },
};

const NO_FACTS: readonly Fact[] = [];

function factsOf(message: Meter | Stop, transaction: string | null): readonly Fact[] {
  const { record, time, id } = message;
  const frame = {
    connector: message.is === 'meter' ? message.connector : null,
    transaction,
    transaction_id: id.text,
    source: message.is === 'meter' ? 'MeterValues' : 'StopTransaction',
    received: time,
  };
  return message.samples.map(({ stamped, ...sample }, ordinal) => ({
    key: { record, ordinal },
    values: {
      ...frame,
      sampled: stamped.at.time,
      station_time: stamped.text,
      clock: stamped.clock,
      ...sample,
    },
    time,
    settled: true,
  }));
}
