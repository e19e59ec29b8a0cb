import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatWh } from '@chargeproof/billing';
import { createMemoryLog } from '@chargeproof/log';
import { type Projection, startEngine } from '@chargeproof/projection';
import { type Appended, GatewayRun, Import, second, type Socket } from '@chargeproof/projection/testing';
import {
  completenessOfPeriod,
  energyOfPeriod,
  energyOfTransactions,
  type Frontier,
  frontierNow,
  meterValues,
  PROJECTIONS,
  uptimeOfPeriod,
} from '@chargeproof/projections';
import { FRAME_PARTITIONS, partitionOf, recordKey } from '@chargeproof/record';
import { openEmbeddedStore } from '@chargeproof/store';
import type { SchemaStore, Store } from '@chargeproof/tables';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'chargeproof-figures-'));
const open: SchemaStore[] = [];

afterAll(async () => {
  for (const store of open) await store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A gateway that ticks every minute for half an hour, and what stations say to it at their seconds. */
class Hour {
  readonly appended: Appended[] = [];
  readonly run = new GatewayRun(second(0), 0, 'aaaaaa', FRAME_PARTITIONS, (one) => this.appended.push(one));
  #messages = 0;
  #next = 60;

  constructor() {
    this.run.start(60);
  }

  /** Ticks that are due until then. */
  until(time: number): void {
    for (; this.#next <= time; this.#next += 60) this.run.tick(second(this.#next), 60);
  }

  connect(time: number, station = 'CP-1'): Socket {
    this.until(time);
    return this.run.open(second(time), { tenant: 'default', station });
  }

  close(time: number, socket: Socket): void {
    this.until(time);
    this.run.close(second(time), socket, { code: 1000, reason: '', by: 'station' });
  }

  call(time: number, socket: Socket, action: string, payload: object, answer: object = {}): void {
    this.until(time);
    const id = String(this.#messages++);
    this.run.frame(second(time), socket, 'station-to-csms', JSON.stringify([2, id, action, payload]));
    this.run.frame(second(time), socket, 'csms-to-station', JSON.stringify([3, id, answer]));
  }
}

const timestamp = (time: number) => new Date(second(time) / 1000).toISOString();
const status = (word: string) => ({ connectorId: 1, errorCode: 'NoError', status: word });
const metered = (time: number, transactionId: number, value: string, unit: string) => ({
  connectorId: 1,
  transactionId,
  meterValue: [
    {
      timestamp: timestamp(time),
      sampledValue: [
        { value, unit },
        { value: '230', measurand: 'Voltage' },
      ],
    },
  ],
});
const begun = (time: number, meterStart: number) => ({
  connectorId: 1,
  idTag: 'A',
  meterStart,
  timestamp: timestamp(time),
});
const accepted = (transactionId: number) => ({ transactionId, idTagInfo: { status: 'Accepted' } });

/** Half an hour of one station; what it comes to is reckoned in the tests by hand. */
function halfAnHour(): Hour {
  const hour = new Hour();
  const first = hour.connect(10);
  const boot = { chargePointVendor: 'V', chargePointModel: 'M' };
  hour.call(11, first, 'BootNotification', boot, {
    status: 'Accepted',
    interval: 300,
    currentTime: timestamp(11),
  });
  hour.call(20, first, 'StatusNotification', status('Available'));
  hour.call(100, first, 'StartTransaction', begun(100, 1000), accepted(7));
  hour.call(101, first, 'StatusNotification', status('Charging'));
  hour.call(400, first, 'MeterValues', metered(400, 7, '2.5', 'kWh'));
  hour.call(700, first, 'StopTransaction', { transactionId: 7, meterStop: 4321, timestamp: timestamp(700) });
  hour.call(701, first, 'StatusNotification', status('Available'));
  hour.call(800, first, 'StatusNotification', status('Faulted'));
  hour.call(860, first, 'StatusNotification', status('Available'));
  hour.close(1000, first);
  const second = hour.connect(1300);
  hour.call(1400, second, 'StartTransaction', begun(1400, 4321), accepted(8));
  hour.call(1500, second, 'MeterValues', metered(1500, 8, '5000', 'Wh'));
  hour.until(1800);
  return hour;
}

const PERIOD = { tenant: 'default', from: second(0), to: second(1800) };

/** Folds records in so many appends. @returns the frontier after each */
const folded = (...parts: readonly (readonly Appended[])[]) => foldedBy(PROJECTIONS, ...parts);

async function foldedBy(projections: readonly Projection[], ...parts: readonly (readonly Appended[])[]) {
  const log = createMemoryLog();
  const store = await openEmbeddedStore({
    path: folder,
    database: `test_${open.length}`,
    threadPoolSize: 16,
    durable: false,
  });
  open.push(store);
  const engine = await startEngine({ log, store, projections });
  const frontiers: Frontier[] = [];
  for (const part of parts) {
    await log.append(
      'ocpp.frames',
      part.map(({ partition, record }) => ({ ...record, partition })),
    );
    await engine.whenProcessed(await log.end('ocpp.frames'));
    frontiers.push(await frontierNow(store));
  }
  await engine.stop();
  return { store, frontiers };
}

const ask = async (store: Store, frontier: Frontier) => ({
  energy: await energyOfPeriod(store, { ...PERIOD, frontier }),
  uptime: await uptimeOfPeriod(store, { ...PERIOD, frontier }),
  completeness: await completenessOfPeriod(store, { ...PERIOD, frontier }),
});

describe('figures over the tables', () => {
  let store: Store;
  let answers: readonly Awaited<ReturnType<typeof ask>>[];
  let now: Frontier;
  let records: readonly Appended[];

  beforeAll(async () => {
    records = halfAnHour().appended;
    const cut = records.findIndex(({ record: { value } }) => Buffer.from(value).includes('"meterStop"'));
    const written = await folded(records.slice(0, cut), records.slice(cut));
    store = written.store;
    answers = await Promise.all(written.frontiers.map((frontier) => ask(store, frontier)));
    now = written.frontiers.at(-1) ?? { generation: 0, next: [] };
  });

  it('tell the energy of the period by connector and method', () => {
    const [entry] = answers[1]?.energy ?? [];
    expect(answers[1]?.energy).toHaveLength(1);
    expect(entry).toMatchObject({
      station: 'CP-1',
      connector: 1,
      method: null,
      transactions: 2,
      open: 1,
      withoutEnergy: 0,
    });
    expect(formatWh(entry?.energyMwh ?? -1n)).toBe('4000');
    expect(entry?.byMethod).toEqual([
      { method: 'METER_START_STOP', confidence: 'MEASURED', transactions: 1, energyMwh: 3_321_000n },
      { method: 'REGISTER_SAMPLES', confidence: 'LOWER_BOUND', transactions: 1, energyMwh: 679_000n },
    ]);
    expect(entry?.records).toHaveLength(4);
  });

  it('tell the energy of single transactions', async () => {
    const rows = await store.select<{ station: string; transaction: string }>(
      'SELECT station, transaction FROM transactions_v1 FINAL ORDER BY started',
    );
    const results = await energyOfTransactions(store, { tenant: 'default', keys: rows, frontier: now });
    expect([...results.values()].map(({ energyMwh }) => energyMwh)).toEqual([3_321_000n, 679_000n]);
    const other = await energyOfTransactions(store, { tenant: 'other', keys: rows, frontier: now });
    expect(other.size).toBe(0);
  });

  it('tell how long the connector was up, down, and neither', () => {
    const [entry] = answers[1]?.uptime ?? [];
    expect(answers[1]?.uptime).toHaveLength(1);
    expect(entry).toMatchObject({ station: 'CP-1', connector: 1 });
    expect(
      entry?.intervals.map(({ from, to, cause }) => [(from - second(0)) / 1e6, (to - from) / 1e6, cause]),
    ).toEqual([
      [0, 10, 'not-seen'],
      [10, 10, 'no-status'],
      [20, 81, 'available'],
      [101, 600, 'in-use'],
      [701, 99, 'available'],
      [800, 60, 'faulted'],
      [860, 140, 'available'],
      [1000, 300, 'offline'],
      [1300, 500, 'available'],
    ]);
    expect([entry?.up, entry?.down, entry?.unknown]).toEqual([1420e6, 360e6, 20e6]);
  });

  it('tell that the record is whole', () => {
    const [entry] = answers[1]?.completeness ?? [];
    expect(entry).toMatchObject({ complete: true, watched: 1800e6, unwatched: 0, gaps: [] });
    expect(entry?.recorded).toBe(
      records.filter(({ record }) => record.attributes.connection !== undefined).length,
    );
  });

  it('are the same again at the positions at which they were asked', async () => {
    const { store: again, frontiers } = await folded(records.slice(0, 40), records.slice(40));
    const [then] = frontiers;
    if (then === undefined) throw new Error('no frontier');
    const once = await ask(again, then);
    expect(await ask(again, then)).toEqual(once);
    expect(answers[0]?.energy[0]).toMatchObject({ open: 1, energyMwh: 1_500_000n });
    expect(answers[0]?.energy).not.toEqual(answers[1]?.energy);
  });

  it('tell what is missing, and where', async () => {
    const hour = halfAnHour();
    hour.run.stop(second(1850));
    // Two frames; the generated gateway does not count its run's start, so its ticks miss one of them.
    const left = hour.appended.filter(({ record }) => record.attributes.time !== second(800));
    const { store: holed, frontiers } = await folded(left);
    const question = { ...PERIOD, to: second(2000), frontier: frontiers[0] ?? now };
    const [entry] = await completenessOfPeriod(holed, question);
    expect(entry).toMatchObject({ complete: false, watched: 1850e6, unwatched: 150e6 });
    expect(
      entry?.gaps.map(({ kind, from, to, missing }) => [
        kind,
        (from - second(0)) / 1e6,
        (to - second(0)) / 1e6,
        missing,
      ]),
    ).toEqual([
      ['sequence', 701, 860, 2],
      ['count', 780, 840, 2],
      ['unwatched', 1850, 2000, null],
    ]);
  });

  it('are of each station of a fleet what they are of it alone', async () => {
    const hour = halfAnHour();
    for (const [index, name] of ['CP-2', 'CP-3'].entries()) {
      const socket = hour.connect(1501 + index, name);
      hour.call(1510 + index, socket, 'BootNotification', { chargePointVendor: 'V', chargePointModel: 'M' });
      hour.call(1520 + index, socket, 'StatusNotification', status('Available'));
      hour.call(1530 + index, socket, 'StartTransaction', begun(1530 + index, 500), accepted(7 + index));
      hour.call(
        1540 + index,
        socket,
        'MeterValues',
        metered(1540 + index, 7 + index, `${index + 1}.5`, 'kWh'),
      );
      hour.call(1550 + index, socket, 'StatusNotification', status(index === 0 ? 'Faulted' : 'Charging'));
    }
    hour.until(1800);
    // Of CP-1 and of CP-3 two frames are lost each.
    const lost = new Set([second(800), second(1541)]);
    const left = hour.appended.filter(({ record }) => !lost.has(record.attributes.time));
    const { store: fleet, frontiers } = await folded(left);
    const at = { ...PERIOD, frontier: frontiers[0] ?? now };
    for (const figure of [energyOfPeriod, uptimeOfPeriod, completenessOfPeriod]) {
      const alone = [];
      for (const station of ['CP-1', 'CP-2', 'CP-3'])
        alone.push(...(await figure(fleet, { ...at, station: [station] })));
      expect(alone.map(({ station }) => station)).toEqual(['CP-1', 'CP-2', 'CP-3']);
      expect(await figure(fleet, at)).toEqual(alone);
    }
    const gaps = (await completenessOfPeriod(fleet, at)).map((entry) => entry.gaps.map(({ kind }) => kind));
    expect(gaps.map((kinds) => kinds.includes('sequence'))).toEqual([true, false, true]);
  });

  it('count a link over which nothing comes as unknown', async () => {
    const hour = new Hour();
    const socket = hour.connect(0);
    hour.call(0, socket, 'StatusNotification', status('Available'));
    hour.until(1800);
    const { store: quiet, frontiers } = await folded(hour.appended);
    const [entry] = await uptimeOfPeriod(quiet, { ...PERIOD, frontier: frontiers[0] ?? now });
    expect(entry?.intervals.map(({ cause }) => cause)).toEqual(['silent']);
  });

  it('take a recording for watched and linked where its frames are at most 15 minutes apart', async () => {
    const appended: Appended[] = [];
    const importer = new Import({
      began: second(9000),
      random: 'iiiiii',
      known: new Set(),
      partitionOf: (subject) => partitionOf(recordKey(subject)),
      append: (one) => appended.push(one),
    });
    const lines = [0, 900, 1200, 3000].map((time, index) => ({
      time: second(time),
      direction: 'station-to-csms' as const,
      text: JSON.stringify([2, String(index), 'StatusNotification', status('Available')]),
    }));
    importer.file({ tenant: 'default', station: 'CP-1' }, lines);
    const { store: imported, frontiers } = await folded(appended);
    const question = { ...PERIOD, to: second(3600), frontier: frontiers[0] ?? now };
    const [entry] = await uptimeOfPeriod(imported, question);
    expect(
      entry?.intervals.map(({ from, to, cause }) => [
        (from - second(0)) / 1e6,
        (to - second(0)) / 1e6,
        cause,
      ]),
    ).toEqual([
      [0, 1200, 'available'],
      [1200, 3600, 'no-coverage'],
    ]);
    const [whole] = await completenessOfPeriod(imported, question);
    expect(whole).toMatchObject({ complete: false, watched: 1200e6, unwatched: 2400e6 });
  });

  it('say since when a projection has been broken', async () => {
    const broken: Projection = {
      ...(meterValues as Projection),
      apply(state, observation) {
        if (observation.kind === 'frame' && observation.time === second(400)) throw new Error('a bug');
        return meterValues.apply(state as never, observation);
      },
    };
    const set = PROJECTIONS.map((projection) => (projection.name === broken.name ? broken : projection));
    const { store: parked, frontiers } = await foldedBy(set, halfAnHour().appended);
    const [entry] = await completenessOfPeriod(parked, { ...PERIOD, frontier: frontiers[0] ?? now });
    expect(entry).toMatchObject({
      complete: false,
      gaps: [{ kind: 'parked', from: second(400), to: second(1800) }],
    });
  });
});
