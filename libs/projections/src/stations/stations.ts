import type { FrameObservation, Observation } from '@chargeproof/ocpp';
import { integerOf, member, payloadIn, wordOf } from '@chargeproof/ocpp';
import type { Projection, Step } from '@chargeproof/projection';
import type { Row } from '@chargeproof/tables';
import { key, values } from './columns.ts';

/** Its row, once anything was recorded of it. */
type State = { readonly row: Row | null };

/** Column → where a BootNotification has it: in OCPP 1.6 (6.3), then in 2.x (chargingStation). */
const BOOT_FACTS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  vendor: [['chargePointVendor'], ['chargingStation', 'vendorName']],
  model: [['chargePointModel'], ['chargingStation', 'model']],
  serial_number: [['chargePointSerialNumber'], ['chargingStation', 'serialNumber']],
  charge_box_serial_number: [['chargeBoxSerialNumber']],
  firmware_version: [['firmwareVersion'], ['chargingStation', 'firmwareVersion']],
  iccid: [['iccid'], ['chargingStation', 'modem', 'iccid']],
  imsi: [['imsi'], ['chargingStation', 'modem', 'imsi']],
  meter_type: [['meterType']],
  meter_serial_number: [['meterSerialNumber']],
};

const NOTHING: Row = Object.fromEntries(Object.keys(values).map((name) => [name, null]));

/** What each station says of itself when it boots, what it was answered, and when it was first recorded. */
export const stations: Projection<State> = {
  name: 'stations',
  version: 1,
  of: 'station',
  key,
  values,
  initial: { row: null },
  apply({ row }, observation) {
    if (!isOfStation(observation)) return { state: { row }, facts: [] };
    const { record, time } = observation;
    const known = row ?? { ...NOTHING, boots: 0, first_seen: time, first_record: record.attributes.id };
    const next = observation.kind === 'frame' ? told(known, observation) : known;
    return next === row ? { state: { row }, facts: [] } : said(next, time);
  },
};

/** A frame of its, or a handshake, taken or refused: what shows that there is such a station. */
function isOfStation(
  observation: Observation,
): observation is Extract<Observation, { readonly kind: 'frame' | 'record' }> {
  if (observation.kind === 'frame') return true;
  if (observation.kind !== 'record' || observation.record.attributes.subject === undefined) return false;
  return observation.type.startsWith('ocpp.handshake-');
}

function told(row: Row, observation: FrameObservation): Row {
  const { frame, call } = observation;
  if (isBoot(observation)) return booted(row, observation);
  // An answer to an earlier boot says nothing of the one after it.
  const isAnswer = call !== undefined && call !== null && call.recordId === row.boot_record;
  return isAnswer && frame.kind === 'call-result' ? registered(row, observation) : row;
}

const isBoot = ({ frame, record }: FrameObservation) =>
  frame.kind === 'call' &&
  frame.action === 'BootNotification' &&
  record.attributes.direction === 'station-to-csms';

/** A malformed one, too, is a boot, of which nothing else is known. */
function booted(row: Row, { frame, record, time }: FrameObservation): Row {
  const payload = payloadIn(frame);
  const facts: readonly (readonly [string, string | null])[] = Object.entries(BOOT_FACTS).map(
    ([column, paths]) => {
      const found = paths.map((path) => wordOf(member(payload, ...path))).find((text) => text !== null);
      return [column, found ?? null];
    },
  );
  return {
    ...NOTHING,
    first_seen: row.first_seen ?? time,
    first_record: row.first_record ?? record.attributes.id,
    ...Object.fromEntries(facts),
    boots: Number(row.boots) + 1,
    booted: time,
    boot_record: record.attributes.id,
  };
}

function registered(row: Row, { frame, record }: FrameObservation): Row {
  const payload = payloadIn(frame);
  return {
    ...row,
    registration: wordOf(member(payload, 'status')),
    interval_seconds: integerOf(member(payload, 'interval')),
    boot_answer_record: record.attributes.id,
  };
}

function said(row: Row, time: number): Step<State> {
  return { state: { row }, facts: [{ key: {}, values: row, time }] };
}
