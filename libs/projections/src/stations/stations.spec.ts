import { factsOf, Scene, second, STATION, STATION_STREAM } from '@chargeproof/projection/testing';
import type { Direction } from '@chargeproof/record';
import { describe, expect, it } from 'vitest';
import { stations } from './stations.ts';

const UP: Direction = 'station-to-csms';
const DOWN: Direction = 'csms-to-station';
const boot = (id: string, payload: unknown) => JSON.stringify([2, id, 'BootNotification', payload]);
const FULL = {
  chargePointVendor: 'Vendor',
  chargePointModel: 'Model',
  chargePointSerialNumber: 'S-1',
  chargeBoxSerialNumber: 'B-1',
  firmwareVersion: '1.0',
  iccid: '8931',
  imsi: '2040',
  meterType: 'M',
  meterSerialNumber: 'M-1',
};

/** Frames at their seconds, on one connection that opened at 1 s; what was said of the station, fact by fact. */
function said(...frames: readonly (readonly [number, Direction, string])[]) {
  const scene = new Scene();
  const run = scene.run('aaaaaa');
  const socket = run.open(second(1), STATION);
  for (const [at, direction, text] of frames) run.frame(second(at), socket, direction, text);
  const facts = factsOf(stations, STATION_STREAM, scene.log()).map(({ fact }) => fact);
  return { id: socket.id, facts, newest: facts.at(-1)?.values, run, socket, scene };
}

describe('stations', () => {
  it('given a boot and its answer, then there are its facts, when it was seen first, and the proofs', () => {
    const { id, facts } = said(
      [2, UP, boot('1', FULL)],
      [3, DOWN, '[3,"1",{"status":"Accepted","currentTime":"2026-11-01T00:00:03Z","interval":300}]'],
      [4, UP, '[2,"2","Heartbeat",{}]'],
      [5, DOWN, '[3,"2",{"currentTime":"2026-11-01T00:00:05Z"}]'],
    );
    expect(facts.map(({ key, time }) => [key, time])).toEqual([
      [{}, second(1)],
      [{}, second(2)],
      [{}, second(3)],
    ]);
    expect(facts[2]?.values).toEqual({
      vendor: 'Vendor',
      model: 'Model',
      serial_number: 'S-1',
      charge_box_serial_number: 'B-1',
      firmware_version: '1.0',
      iccid: '8931',
      imsi: '2040',
      meter_type: 'M',
      meter_serial_number: 'M-1',
      registration: 'Accepted',
      interval_seconds: 300,
      boots: 1,
      first_seen: second(1),
      booted: second(2),
      first_record: `${id}/0`,
      boot_record: `${id}/1`,
      boot_answer_record: `${id}/2`,
    });
  });

  it('given another boot, then what the one before said is no longer of it, and it is not registered yet', () => {
    const { newest, id } = said(
      [2, UP, boot('1', FULL)],
      [3, DOWN, '[3,"1",{"status":"Accepted","interval":300}]'],
      [4, UP, boot('2', { chargePointVendor: 'Vendor', firmwareVersion: '1.1' })],
    );
    expect(newest).toMatchObject({ vendor: 'Vendor', model: null, firmware_version: '1.1', boots: 2 });
    expect(newest).toMatchObject({ registration: null, interval_seconds: null, boot_answer_record: null });
    expect(newest).toMatchObject({ first_seen: second(1), first_record: `${id}/0`, boot_record: `${id}/3` });
  });

  it('given an error for an answer, or the answer to an earlier boot, then there is no registration', () => {
    const { newest } = said(
      [2, UP, boot('1', FULL)],
      [3, UP, boot('2', FULL)],
      [4, DOWN, '[3,"1",{"status":"Rejected","interval":9}]'],
      [5, DOWN, '[4,"2","InternalError","",{}]'],
    );
    expect(newest).toMatchObject({ boots: 2, registration: null, boot_answer_record: null });
  });

  it('given members of other types, none at all, or 64 KiB of them, then they are kept as well as can be', () => {
    const { newest } = said(
      [
        2,
        UP,
        boot('1', { chargePointVendor: 7, chargePointModel: null, firmwareVersion: 'x'.repeat(65_536) }),
      ],
      [3, DOWN, '[3,"1",{"status":true,"interval":"1e400"}]'],
    );
    expect(newest).toMatchObject({ vendor: '7', model: null, registration: 'true', interval_seconds: null });
    expect(String(newest?.firmware_version).length).toBeLessThan(200);
    for (const odd of ['null', '[]', '"text"', '7'])
      expect(said([2, UP, `[2,"1","BootNotification",${odd}]`]).newest).toMatchObject({
        vendor: null,
        boots: 1,
      });
  });

  it('given a boot of OCPP 2.x, then its facts are read where that has them', () => {
    const modem = { iccid: '8931' };
    const chargingStation = { vendorName: 'Vendor', model: 'Model', serialNumber: 'S-1', modem };
    expect(said([2, UP, boot('1', { reason: 'PowerUp', chargingStation })]).newest).toMatchObject({
      vendor: 'Vendor',
      model: 'Model',
      serial_number: 'S-1',
      iccid: '8931',
      firmware_version: null,
    });
  });

  it('given a CSMS that says BootNotification, then no station booted', () => {
    expect(said([2, DOWN, boot('1', FULL)]).newest).toMatchObject({ boots: 0, booted: null });
  });

  it('given a refused handshake alone, then the station was seen; given ticks and decisions, it was not', () => {
    const scene = new Scene();
    const run = scene.run('aaaaaa');
    run.tick(second(1), 60);
    run.refuse(second(2), STATION);
    const facts = factsOf(stations, STATION_STREAM, scene.log());
    expect(facts.map(({ fact }) => fact.values?.first_seen)).toEqual([second(2)]);
  });
});
