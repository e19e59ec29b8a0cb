import { distinct, type Note } from './findings.ts';
import type { Reading } from './normalise.ts';
import type { Point } from './point.ts';

/** Phase as sent → the conductor it tells of. Others (N, L1-L2 …) tell of no energy of their own. */
const CONDUCTORS: ReadonlyMap<string, string> = new Map([
  ['L1', 'L1'],
  ['L2', 'L2'],
  ['L3', 'L3'],
  ['L1-N', 'L1'],
  ['L2-N', 'L2'],
  ['L3-N', 'L3'],
]);
const ALL = 3;

export type Series = { readonly points: readonly Point[]; readonly notes: readonly Note[] };

/**
 * One point for each moment: the total where there is one, else the sum of its phases; phases are never
 * added to a total. A sum with fewer phases than others have is none.
 * @param readings of one kind, in order of time
 */
export function combinePhases(readings: readonly Reading[]): Series {
  const moments = groupBy(readings, ({ time, context }) => `${time} ${context}`).map(momentOf);
  const hasTotals = moments.some(({ totals }) => totals.length > 0);
  const wanted = hasTotals ? ALL : Math.max(0, ...sizesOf(moments));
  const notes: Note[] = [];
  const points = moments.flatMap(({ totals, phases }) => {
    if (totals.length > 0) {
      notes.push(...contradiction(totals, phases));
      return totals.map((total) => pointOf([total]));
    }
    if (phases.length === 0) return [];
    if (phases.length === wanted) return [pointOf(phases)];
    const records = distinct(phases.map(({ record }) => record));
    notes.push({ code: 'PHASE_MISSING', detail: `${phases.length} of ${wanted} phases`, records });
    return [];
  });
  return { points: merge(points), notes };
}

type Moment = { readonly totals: readonly Reading[]; readonly phases: readonly Reading[] };

const sizesOf = (moments: readonly Moment[]) => new Set(moments.map(({ phases }) => phases.length));

function momentOf(readings: readonly Reading[]): Moment {
  const phases = new Map<string, Reading>();
  for (const reading of readings) {
    const conductor = CONDUCTORS.get(reading.phase);
    const before = conductor === undefined ? undefined : phases.get(conductor);
    if (conductor !== undefined && (before === undefined || before.value < reading.value))
      phases.set(conductor, reading);
  }
  return { totals: readings.filter(({ phase }) => phase === ''), phases: [...phases.values()] };
}

/** A hundredth, and what rounding may do. */
function contradiction(totals: readonly Reading[], phases: readonly Reading[]): readonly Note[] {
  const [total] = totals;
  if (total === undefined || phases.length !== ALL) return [];
  const { value, resolution } = pointOf(phases);
  const apart = value > total.value ? value - total.value : total.value - value;
  if (apart <= total.value / 100n + resolution + total.resolution) return [];
  const records = distinct([total, ...phases].map(({ record }) => record));
  return [
    { code: 'PHASES_DIFFER', detail: 'the phases do not add up to the total, which was taken', records },
  ];
}

function pointOf(readings: readonly Reading[]): Point {
  const [{ time, context }] = readings as readonly [Reading];
  return {
    time,
    value: readings.reduce((sum, reading) => sum + reading.value, 0n),
    resolution: readings.reduce((sum, { resolution }) => sum + resolution, 0n),
    records: distinct(readings.map(({ record }) => record)),
    contexts: [context],
    plainWh: readings.every(({ plainWh }) => plainWh),
    fromStop: readings.some(({ fromStop }) => fromStop),
  };
}

/** What says the same at the same time was said twice. At one time the lower comes first: a register only rises. */
function merge(points: readonly Point[]): readonly Point[] {
  return groupBy(points, ({ time, value }) => `${time ?? ''} ${value}`)
    .map((same) => {
      const [first] = same as readonly [Point];
      return {
        ...first,
        contexts: same.flatMap(({ contexts }) => contexts),
        fromStop: same.some(({ fromStop }) => fromStop),
      };
    })
    .sort((a, b) => (a.time ?? 0) - (b.time ?? 0) || (a.value < b.value ? -1 : 1));
}

function groupBy<Item>(items: readonly Item[], nameOf: (item: Item) => string): readonly (readonly Item[])[] {
  return [...Map.groupBy(items, nameOf).values()];
}
