import { ENERGY_CONFIDENCES, ENERGY_METHODS, type EnergyResult } from '@chargeproof/billing';
import type { Micros } from '@chargeproof/record';
import type { EnergyByMethod, EnergyEntry } from './contract.ts';

export type Measured = {
  readonly station: string;
  readonly connector: number | null;
  readonly open: boolean;
  readonly firstHeard: Micros;
  readonly lastHeard: Micros;
  readonly result: Sum;
};

type Sum = Pick<EnergyResult, 'method' | 'confidence' | 'energyMwh' | 'records'>;

/** Sums by station and connector, in their order; an unknown connector comes last. */
export function addUp(tenant: string, measured: readonly Measured[]): readonly EnergyEntry[] {
  const groups = Map.groupBy(measured, ({ station, connector }) => JSON.stringify([station, connector]));
  return [...groups.values()].map((group) => entryOf(tenant, group)).sort(inOrder);
}

function entryOf(tenant: string, group: readonly Measured[]): EnergyEntry {
  const [{ station, connector }] = group as readonly [Measured];
  const results = group.map(({ result }) => result);
  const methods = new Set(results.map(({ method }) => method));
  return {
    tenant,
    station,
    connector,
    energyMwh: sum(results),
    method: methods.size === 1 ? (results[0]?.method ?? null) : null,
    byMethod: byMethod(results),
    transactions: group.length,
    withoutEnergy: results.filter(({ energyMwh }) => energyMwh === null).length,
    open: group.filter(({ open }) => open).length,
    firstHeard: group.reduce((least, one) => Math.min(least, one.firstHeard), Infinity),
    lastHeard: group.reduce((most, one) => Math.max(most, one.lastHeard), -Infinity),
    records: [...new Set(results.flatMap(({ records }) => records))],
  };
}

/** Best method and surest confidence first; what nothing may be said of comes last. */
function byMethod(results: readonly Sum[]): readonly EnergyByMethod[] {
  return [null, ...ENERGY_METHODS]
    .flatMap((method) => ENERGY_CONFIDENCES.map((confidence) => ({ method, confidence })))
    .map((kind) => {
      const same = results.filter((one) => one.method === kind.method && one.confidence === kind.confidence);
      return { ...kind, transactions: same.length, energyMwh: sum(same) };
    })
    .filter(({ transactions }) => transactions > 0)
    .sort((a, b) => Number(a.method === null) - Number(b.method === null));
}

/** Null where nothing may be said of any. */
function sum(results: readonly Sum[]): bigint | null {
  const known = results.flatMap(({ energyMwh }) => (energyMwh === null ? [] : [energyMwh]));
  return known.length === 0 ? null : known.reduce((total, energy) => total + energy, 0n);
}

const inOrder = (a: EnergyEntry, b: EnergyEntry) =>
  a.station === b.station
    ? (a.connector ?? Infinity) - (b.connector ?? Infinity)
    : a.station < b.station
      ? -1
      : 1;
