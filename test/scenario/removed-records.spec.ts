import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryLog } from '@chargeproof/log';
import { startEngine } from '@chargeproof/projection';
import {
  type CompletenessEntry,
  completenessOfPeriod,
  energyOfPeriod,
  frontierNow,
  PROJECTIONS,
  type UptimeEntry,
  uptimeOfPeriod,
} from '@chargeproof/projections';
import { openEmbeddedStore } from '@chargeproof/store';
import { type ConditionInterval, intersect, type Span, subtract } from '@chargeproof/uptime';
import type { SchemaStore } from '@chargeproof/tables';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CLUSTERS, removals, type Told } from './removing/clusters.ts';

const MINUTE = 60_000_000;

/** What is said of a station in the whole of its day, and in parts of it. */
type Answers = {
  /** By the window's beginning after the day's; {@link WHOLE}: of all of it. */
  readonly record: ReadonlyMap<number, Pick<CompletenessEntry, 'complete' | 'known'>>;
  readonly up: readonly Span[];
  /** Which is known only from a quarter of an hour after it: until then a link that is not heard is up. */
  readonly silent: readonly Span[];
  readonly energy: readonly (string | null)[];
};

const folder = mkdtempSync(join(tmpdir(), 'chargeproof-removed-'));
let store: SchemaStore;
const told: readonly Told[] = CLUSTERS.flatMap((cluster) => removals(cluster));

beforeAll(async () => {
  store = await openEmbeddedStore({ path: folder, threadPoolSize: 16, durable: false });
  const log = createMemoryLog();
  const engine = await startEngine({ log, store, projections: PROJECTIONS });
  const all = told.flatMap(({ appended }) => appended);
  await log.append(
    'ocpp.frames',
    all.map(({ partition, record }) => ({ ...record, partition })),
  );
  await engine.whenProcessed(await log.end('ocpp.frames'));
  await engine.stop();
}, 300_000);
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Those that share a day are asked about together. */
async function answersOf(all: readonly Told[]): Promise<ReadonlyMap<Told, Answers>> {
  const answers = new Map<Told, Answers>();
  const frontier = await frontierNow(store);
  for (const [from, together] of Map.groupBy(all, (one) => one.from)) {
    const to = together[0]?.to ?? from;
    const ask = { tenant: 'default', station: together.map(({ station }) => station), frontier };
    const record = new Map<string, Map<number, CompletenessEntry>>(
      ask.station.map((station) => [station, new Map()]),
    );
    for (const window of windowsOf(from, to))
      for (const entry of await completenessOfPeriod(store, { ...ask, ...window }))
        record.get(entry.station)?.set(window.key, entry);
    const uptime = await uptimeOfPeriod(store, { ...ask, from, to, connector: 1 });
    const energy = await energyOfPeriod(store, { ...ask, from, to });
    for (const one of together) {
      const mine = (entry: { readonly station: string }) => entry.station === one.station;
      answers.set(one, {
        record: record.get(one.station) ?? new Map(),
        up: held(uptime.filter(mine), ({ verdict }) => verdict === 'UP'),
        silent: held(uptime.filter(mine), ({ cause }) => cause === 'silent'),
        energy: energy.filter(mine).map(({ energyMwh }) => (energyMwh === null ? null : String(energyMwh))),
      });
    }
  }
  return answers;
}

const held = (entries: readonly UptimeEntry[], wanted: (one: ConditionInterval) => boolean) =>
  entries.flatMap(({ intervals }) => intervals.filter(wanted));

const WHOLE = -1;
function windowsOf(from: number, to: number) {
  const windows = [{ key: WHOLE, from, to }];
  for (let at = from; at < to; at += 10 * MINUTE)
    windows.push({ key: at - from, from: at, to: at + 10 * MINUTE });
  return windows;
}

const shifted = (spans: readonly Span[], by: number) =>
  spans.map(({ from, to }) => ({ from: from + by, to: to + by }));

const byCluster = () => [...Map.groupBy(told, ({ cluster }) => cluster).values()] as [Told, ...Told[]][];

/** What of it is better than what it was taken from. */
function faultsOf(one: Told, after: Answers, before: Answers, day: number): readonly string[] {
  const isWhole = after.record.get(WHOLE)?.complete ?? false;
  const windows = [...after.record].filter(
    ([key, { complete }]) => complete && before.record.get(key)?.complete !== true,
  );
  const known = ({ record }: Answers) => record.get(WHOLE)?.known ?? 0;
  const gained = subtract(after.up, shifted([...before.up, ...before.silent], one.from - day));
  return [
    ...windows.map(([key]) => `complete from ${key / 1e6} s on`),
    ...(known(after) > known(before) ? [`${known(after) / 1e6} s known, not ${known(before) / 1e6}`] : []),
    ...intersect(gained, [one]).map(
      ({ from, to }) => `up from ${(from - one.from) / 1e6} to ${(to - one.from) / 1e6} s`,
    ),
    ...(isWhole && after.energy.join() !== before.energy.join() ? ['another energy, and complete'] : []),
    ...(isWhole && one.isMissed ? ['complete all the same'] : []),
  ].map((what) => `${one.cluster}, without ${one.taken}: ${what}`);
}

it('is never better for what was taken out of the log', async () => {
  const answers = await answersOf(told);
  const of = (one: Told): Answers =>
    answers.get(one) ?? { record: new Map(), up: [], silent: [], energy: [] };
  const clusters = byCluster();
  for (const [whole] of clusters) expect(of(whole).up.length).toBeGreaterThan(0);
  expect(of(clusters[0]![0]).record.get(WHOLE)?.complete).toBe(true);
  const faults = clusters.flatMap(([whole, ...less]) =>
    less.flatMap((one) => faultsOf(one, of(one), of(whole), whole.from)),
  );
  expect(faults).toEqual([]);
}, 300_000);
