import { createMemoryLog, type MemoryLog } from '@chargeproof/log';
import { type Engine, startEngine } from '@chargeproof/projection';
import { type Appended, Scene, second, STATION } from '@chargeproof/projection/testing';
import {
  configurationAt,
  currentStatusAt,
  type Frontier,
  frontierNow,
  lastSeenAt,
  PROJECTIONS,
  stationList,
  stationVersionsAt,
  statusList,
} from '@chargeproof/projections';
import type { Direction } from '@chargeproof/record';
import { openEmbeddedStore } from '@chargeproof/store';
import type { SchemaStore } from '@chargeproof/tables';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const UP: Direction = 'station-to-csms';
const DOWN: Direction = 'csms-to-station';
const OTHER = { tenant: 'default', station: 'CP-2' };
const LONG = 'x'.repeat(65_536);

let folder: string;
let store: SchemaStore;
let log: MemoryLog;
let engine: Engine;
let before: Frontier;
let now: Frontier;
let answeredBefore: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'chargeproof-stations-'));
  store = await openEmbeddedStore({ path: folder, database: 'test', threadPoolSize: 16, durable: false });
  log = createMemoryLog();
  engine = await startEngine({ log, store, projections: PROJECTIONS });
  const { inTime, late } = traffic();
  before = await append(inTime);
  answeredBefore = JSON.stringify(await everything(before));
  now = await append(late);
});
afterAll(async () => {
  await engine.stop();
  await store.close();
  await log.close();
  rmSync(folder, { recursive: true, force: true });
});

async function append(appended: readonly Appended[]): Promise<Frontier> {
  await log.append(
    'ocpp.frames',
    appended.map(({ record }) => record),
  );
  await engine.whenProcessed(await log.end('ocpp.frames'));
  return frontierNow(store);
}

/** A station that boots, is configured and charges; a second one that sends oddities; and what came late of the first. */
function traffic(): { readonly inTime: readonly Appended[]; readonly late: readonly Appended[] } {
  const scene = new Scene();
  const run = scene.run('aaaaaa');
  const [socket, odd] = [run.open(second(1), STATION), run.open(second(1), OTHER)];
  const say = (at: number, direction: Direction, message: unknown, on = socket) => {
    run.frame(second(at), on, direction, JSON.stringify(message));
  };
  say(2, UP, [
    2,
    '1',
    'BootNotification',
    { chargePointVendor: 'V', chargePointModel: 'M', firmwareVersion: '1' },
  ]);
  say(3, DOWN, [3, '1', { status: 'Accepted', currentTime: '2026-11-01T00:00:03Z', interval: 300 }]);
  say(4, UP, [2, '2', 'StatusNotification', { connectorId: 1, status: 'Available', errorCode: 'NoError' }]);
  say(5, DOWN, [2, 'a', 'GetConfiguration', {}]);
  say(6, UP, [
    3,
    'a',
    {
      configurationKey: [
        { key: 'Beta', readonly: true, value: '1' },
        { key: 'alpha', readonly: false },
      ],
    },
  ]);
  say(8, UP, [2, '3', 'StatusNotification', { connectorId: 1, status: 'Charging', errorCode: 'NoError' }]);
  [
    '1970-01-01T00:00:00Z',
    '2099-01-01T00:00:00Z',
    '0001-01-01T00:00:00Z',
    '222222017-01-01T00:00:00Z',
    '2026-11-01T00:00:00',
    LONG,
  ]
    .map((timestamp) => ({ connectorId: 1e21, status: LONG, errorCode: null, info: '\ud800', timestamp }))
    .forEach((payload, at) => {
      say(2 + at, UP, [2, String(at), 'StatusNotification', payload], odd);
    });
  say(
    9,
    UP,
    [2, 'x', 'BootNotification', { chargePointVendor: { deep: [1] }, iccid: 7, chargePointModel: LONG }],
    odd,
  );
  say(9, DOWN, [3, 'x', { status: LONG, interval: '9223372036854775807' }], odd);
  const inTime = [...scene.appended];
  // A connection of before, of which nothing had reached the log.
  const spooled = run.open(second(5.5), STATION);
  say(
    6,
    UP,
    [2, 'l', 'StatusNotification', { connectorId: 1, status: 'Preparing', errorCode: 'NoError' }],
    spooled,
  );
  say(7, UP, [2, 'm', 'BootNotification', { chargePointVendor: 'V', firmwareVersion: '2' }], spooled);
  return { inTime, late: scene.appended.slice(inTime.length) };
}

const of = (frontier: Frontier, station = [STATION.station]) => ({ tenant: 'default', station, frontier });
const page = (frontier: Frontier) => ({ frontier, first: 50 });

async function everything(frontier: Frontier): Promise<unknown> {
  const filter = { tenant: 'default' };
  return Promise.all([
    stationList.page(store, { filter, ...page(frontier) }),
    statusList.page(store, { filter, ...page(frontier) }),
    configurationAt(store, { tenant: 'default', frontier }),
    currentStatusAt(store, { tenant: 'default', frontier }),
    stationVersionsAt(store, of(frontier), 10),
    lastSeenAt(store, of(frontier)).then((seen) => [...seen]),
  ]);
}

const timeline = async (frontier: Frontier, filter: object = {}) => {
  const given = { tenant: 'default', station: [STATION.station], ...filter };
  const { rows } = await statusList.page(store, { filter: given, ...page(frontier) });
  const seconds = (us: string | null) => (us === null ? null : (Number(us) - second(0)) / 1_000_000);
  expect(await statusList.count(store, given, frontier)).toBe(BigInt(rows.length));
  return rows.map(({ status, since_us, until_us }) => [status, seconds(since_us), seconds(until_us)]);
};

describe('questions about stations', () => {
  it('given facts of a boot, then they are told, as known then and as known now', async () => {
    const filter = { tenant: 'default', station: [STATION.station] };
    const [row] = (await stationList.page(store, { filter, ...page(before) })).rows;
    expect(row).toMatchObject({ station: 'CP-1', vendor: 'V', model: 'M', firmware_version: '1', boots: 1 });
    expect(row).toMatchObject({ registration: 'Accepted', interval_seconds: '300' });
    expect(row).toMatchObject({ first_seen_us: String(second(1)), booted_us: String(second(2)) });
    const [today] = (await stationList.page(store, { filter, ...page(now) })).rows;
    expect(today).toMatchObject({ model: null, firmware_version: '2', boots: 2, registration: null });
  });

  it('given versions of it, then they are newest first, each with the time at which it became so', async () => {
    const versions = await stationVersionsAt(store, of(now), 2);
    expect(versions.map(({ firmware_version, since_us }) => [firmware_version, since_us])).toEqual([
      ['2', String(second(7))],
      ['1', String(second(3))],
    ]);
  });

  it('lists stations by name, page by page, and counts them', async () => {
    const filter = { tenant: 'default' };
    const first = await stationList.page(store, { filter, frontier: now, first: 1 });
    expect(first).toMatchObject({ hasNextPage: true, rows: [{ station: 'CP-1' }] });
    const after = { behind: ['CP-1'], frontier: now };
    const second_ = await stationList.page(store, { filter, frontier: now, first: 1, after });
    expect(second_).toMatchObject({ hasNextPage: false, rows: [{ station: 'CP-2' }] });
    expect(await stationList.count(store, filter, now)).toBe(2n);
    expect(await stationList.count(store, { tenant: 'nobody' }, now)).toBe(0n);
  });

  it('given late records, then the timeline is split where they belong, and is as it was at the positions of then', async () => {
    expect(await timeline(before)).toEqual([
      ['Available', 4, 8],
      ['Charging', 8, null],
    ]);
    expect(await timeline(now)).toEqual([
      ['Available', 4, 6],
      ['Preparing', 6, 8],
      ['Charging', 8, null],
    ]);
    expect(JSON.stringify(await everything(before))).toBe(answeredBefore);
    expect(JSON.stringify(await everything(now))).not.toBe(answeredBefore);
  });

  it('given a period, then the intervals that reach into it', async () => {
    expect(await timeline(now, { from: second(6), to: second(8) })).toEqual([['Preparing', 6, 8]]);
    expect(await timeline(now, { from: second(7), connector: 1 })).toHaveLength(2);
    expect(await timeline(now, { connector: 2 })).toEqual([]);
  });

  it('given what holds, then one status a connector, and every key by name', async () => {
    const held = await currentStatusAt(store, of(now));
    expect(held).toMatchObject([{ connector: '1', status: 'Charging', until_us: null }]);
    const keys = await configurationAt(store, of(now));
    expect(keys).toMatchObject([
      { name: 'alpha', value: null, readonly: false, state: 'known' },
      { name: 'Beta', value: '1', readonly: true, source: 'GetConfiguration', since_us: String(second(6)) },
    ]);
    expect(await lastSeenAt(store, of(now))).toEqual(new Map([['CP-1', second(8)]]));
  });

  it('given oddities, then all are in the tables, under what can be told of them, and nothing is parked', async () => {
    expect(engine.parked()).toEqual([]);
    const filter = { tenant: 'default', station: ['CP-2'] };
    const { rows } = await statusList.page(store, { filter, ...page(now) });
    expect(
      rows.map(({ connector, clock, station_time_parsed_us }) => [connector, clock, station_time_parsed_us]),
    ).toEqual([
      ['-1', 'implausible', '0'],
      ['-1', 'implausible', '4070908800000000'],
      ['-1', 'implausible', null],
      ['-1', 'implausible', null],
      ['-1', 'no-zone', null],
      ['-1', 'unreadable', null],
    ]);
    const [station] = (await stationList.page(store, { filter, ...page(now) })).rows;
    expect(station).toMatchObject({ vendor: null, iccid: '7', interval_seconds: '9223372036854775807' });
  });
});
