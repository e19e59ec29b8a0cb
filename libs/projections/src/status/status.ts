import type { FrameObservation, Maybe } from '@chargeproof/ocpp';
import { clockOf, integerOf, member, payloadIn, textOf, without, wordOf } from '@chargeproof/ocpp';
import type { Fact, Projection } from '@chargeproof/projection';
import type { Row } from '@chargeproof/tables';
import { key, values } from './columns.ts';

/** What a connector was last told to be, and by which frame. */
type Held = { readonly record: string; readonly row: Row };
/** By connector. */
type State = { readonly connectors: Readonly<Record<string, Held>> };

/** Where a notification stands that names no connector, or none that is a whole number of 32 bits. */
export const NO_CONNECTOR = -1;

/** Stations have a handful. Of one that makes ids up, the connector told of longest ago is not followed any further. */
const MOST_CONNECTORS = 256;

/**
 * The status of each connector, from one StatusNotification to its next. What the station was told in
 * answer changes nothing of it; nor does a lost connection, after which nobody knows: uptime is asked
 * with the link's own history beside this one.
 */
export const status: Projection<State> = {
  name: 'status',
  version: 1,
  of: 'station',
  key,
  values,
  initial: { connectors: {} },
  apply(state, observation) {
    if (observation.kind !== 'frame' || !isNotification(observation)) return { state, facts: [] };
    const payload = payloadIn(observation.frame);
    const connector = connectorOf(member(payload, 'connectorId'));
    const held = { record: observation.record.attributes.id, row: rowOf(payload, observation) };
    const { connectors, facts } = withRoom(state.connectors, connector);
    const before = connectors[connector];
    return {
      state: { connectors: { ...connectors, [connector]: held } },
      facts: [
        ...facts,
        ...(before ? [ended(connector, before, observation)] : []),
        { key: { connector, record: held.record }, values: held.row, time: observation.time },
      ],
    };
  },
};

const isNotification = ({ frame, record }: FrameObservation) =>
  frame.kind === 'call' &&
  frame.action === 'StatusNotification' &&
  record.attributes.direction === 'station-to-csms';

function connectorOf(connectorId: Maybe): number {
  const integer = integerOf(connectorId);
  return typeof integer === 'number' && integer === (integer | 0) ? integer : NO_CONNECTOR;
}

function rowOf(payload: Maybe, { time }: FrameObservation): Row {
  const told = member(payload, 'timestamp');
  const { parsed, clock } = clockOf(textOf(told), time);
  return {
    status: wordOf(member(payload, 'status')) ?? '',
    error_code: wordOf(member(payload, 'errorCode')),
    info: wordOf(member(payload, 'info')),
    vendor_id: wordOf(member(payload, 'vendorId')),
    vendor_error_code: wordOf(member(payload, 'vendorErrorCode')),
    since: time,
    until: null,
    station_time: wordOf(told),
    station_time_parsed: parsed,
    clock,
    next_record: null,
  };
}

function ended(connector: number, { record, row }: Held, next: FrameObservation): Fact {
  const { time } = next;
  const values = { ...row, until: time, next_record: next.record.attributes.id };
  return { key: { connector, record }, values, time, settled: true };
}

/** Room for one more connector; what is said of one that is given up for it is said for good. */
function withRoom(
  connectors: State['connectors'],
  connector: number,
): State & { readonly facts: readonly Fact[] } {
  const others = Object.entries(connectors);
  if (connector in connectors || others.length < MOST_CONNECTORS) return { connectors, facts: [] };
  const [given, { record, row }] = others.reduce((a, b) =>
    Number(b[1].row.since) < Number(a[1].row.since) ? b : a,
  );
  const last: Fact = {
    key: { connector: Number(given), record },
    values: row,
    time: Number(row.since),
    settled: true,
  };
  return { connectors: without(connectors, given), facts: [last] };
}
