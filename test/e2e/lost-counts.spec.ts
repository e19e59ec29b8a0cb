import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryLog } from '@chargeproof/log';
import type { Projection } from '@chargeproof/projection';
import { type Appended, GatewayRun, second, STATION } from '@chargeproof/projection/testing';
import { coverage, frontierNow, lostCounts } from '@chargeproof/projections';
import { FRAME_PARTITIONS, partitionOf, readPayload, recordKey } from '@chargeproof/record';
import { openEmbeddedStore } from '@chargeproof/store';
import type { Store } from '@chargeproof/tables';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { randomFrom } from '../crash/random.ts';
import { foldAll } from '../fixtures/projector.ts';

const FOLDED = [coverage] as readonly Projection[];
const PARTITION = partitionOf(recordKey(STATION), FRAME_PARTITIONS);
const DAYS = 3;
const HOUR = 3600;

const folder = mkdtempSync(join(tmpdir(), 'chargeproof-lost-counts-'));
const random = randomFrom(7);
const below = (limit: number) => Math.floor(random() * limit);
const oneOf = <Value>(...values: readonly [Value, ...Value[]]): Value =>
  values[below(values.length)] ?? values[0];

/**
 * What a gateway's run leaves of a day or so in the station's partition: ticks by a clock that is set now and then, some
 * hours apart where the machine slept, and here and there a record is lost. Most runs have a clock that is never set.
 */
function run(name: string, began: number): readonly Appended[] {
  const appended: Appended[] = [];
  const gateway = new GatewayRun(second(began), 0, name, FRAME_PARTITIONS, (one) => appended.push(one));
  const isSet = random() < 0.4;
  gateway.start(60);
  const socket = gateway.open(second(began + 1), STATION);
  let now = began + 1;
  for (let nth = 0; nth < 60; nth += 1) {
    now += isSet ? oneOf(5, 60, 60, 1200, 3 * HOUR) : oneOf(5, 60, 600, 1200);
    if (isSet && random() < 0.1) gateway.stepClock(oneOf(-5, -2, 2, 5) * HOUR * 1_000_000);
    for (let frames = below(3); frames > 0; frames -= 1)
      gateway.frame(second(now - 1), socket, 'station-to-csms', '[2,"1","Heartbeat",{}]');
    gateway.tick(second(now), 60, random() < 0.05);
  }
  return appended.filter(({ partition }) => partition === PARTITION && random() > 0.06);
}

const appended = Array.from({ length: 12 }, (_, nth) =>
  run(`run${nth}`.padEnd(6, 'x'), below(DAYS * 24 * HOUR)),
).flat();
let store: Store;

beforeAll(async () => {
  store = await openEmbeddedStore({ path: folder, threadPoolSize: 16, durable: false });
  const log = createMemoryLog();
  await log.append(
    'ocpp.frames',
    appended.map(({ partition, record }) => ({ ...record, partition })),
  );
  await (await foldAll(log, store, {}, FOLDED)).stop();
  await log.close();
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

type Short = readonly [from: number, to: number, missing: number];

/** The long way: every run from its beginning, tick by tick. A run's start counts as the tick before its first. */
const shortOf = (): readonly Short[] =>
  [...Map.groupBy(appended, ({ record }) => record.attributes.source).values()].flatMap(shortOfRun);

function shortOfRun(own: readonly Appended[]): readonly Short[] {
  const short: Short[] = [];
  let [found, before]: [number, Mark | undefined] = [0, undefined];
  for (const one of own) {
    const mark = markOf(one);
    if (mark?.tick === true && before?.nth === mark.nth - 1 && mark.said > found)
      short.push([before.at, mark.at, mark.said - found]);
    if (mark !== undefined) [found, before] = [0, mark];
    if (mark?.tick !== true) found += 1;
  }
  return short;
}

type Mark = { readonly tick: boolean; readonly nth: number; readonly said: number; readonly at: number };

function markOf({ record: { attributes, value } }: Appended): Mark | undefined {
  const { type, time: at } = attributes;
  if (type === 'recorder.run-started.v1') return { tick: false, nth: 0, said: 0, at };
  if (type !== 'recorder.tick.v1') return undefined;
  const { ordinal, appended: said } = readPayload(type, value);
  return { tick: true, nth: ordinal + 1, said, at };
}

it('says of any time what was counted and is not here, as if all that came before had been read', async () => {
  const frontier = await frontierNow(store, FOLDED);
  const all = shortOf();
  let told = 0;
  for (let nth = 0; nth < 40; nth += 1) {
    const from = second(below((DAYS + 1) * 24 * HOUR));
    const to = from + oneOf(20, 300, HOUR, 6 * HOUR, 30 * HOUR) * 1_000_000;
    const at = { tenant: STATION.tenant, station: [STATION.station], frontier };
    const gaps = (await lostCounts(store, at, [from, to]))(STATION.station);
    const expected = all.filter((short) => short[0] < to && short[1] >= from);
    expect(gaps.map((gap) => [gap.from, gap.to, gap.missing]).sort()).toEqual([...expected].sort());
    told += expected.length;
  }
  expect(told).toBeGreaterThan(40);
  expect(all.some(([from, to]) => to < from || to - from > HOUR * 1_000_000)).toBe(true);
});
