import fc from 'fast-check';
import type { LoggedRecord } from '@chargeproof/record';
import { createFolder } from '../fold/folder.ts';
import { isImport } from '../fold/imports.ts';
import type { Folder, Projection } from '../projection.ts';
import { choices, Chooser, trafficOf } from './arbitraries.ts';
import type { Outcome, Step } from './drive.ts';
import { drive } from './drive.ts';
import { featuresOf, FEATURES } from './features.ts';
import type { Appended } from './gateway-run.ts';
import { interleave, spoolLate, toLog } from './log-order.ts';
import type { WorldOptions } from './world.ts';
import { actOut, SMALL_WORLD } from './world.ts';

export type Checks = {
  /** How many generated cases; each is folded in five ways. */
  readonly cases: number;
  /** About how many actions a case has, beside the core that makes it hard. */
  readonly length: number;
  readonly world: WorldOptions;
  /** Another folder, for controls. */
  readonly folder: (projections: readonly Projection[]) => Folder;
  /** What is done to all that a world appends before it is logged, as sealing: record by record, in its order. */
  readonly dressed: (appended: readonly Appended[]) => readonly Appended[];
};
const DEFAULTS: Checks = {
  cases: 350,
  length: 32,
  world: SMALL_WORLD,
  folder: createFolder,
  dressed: (appended) => appended,
};

export type Checked = {
  /** Undefined where every case held; else the smallest one that did not, as fast-check reports it. */
  readonly failure: string | undefined;
  /** Cases in which all of `FEATURES` were. */
  readonly hardCases: number;
  /** Streams that had to be folded again. */
  readonly refolds: number;
};

/**
 * Folds generated traffic by one projection in several ways, of which each must end in the same current
 * facts: once; twice; split into batches; killed and started again from snapshots; and with connections
 * and recordings in another order of the log, a late spool, a retroactive decision and records that were sent again.
 */
export function checkProjection(projection: Projection, options: Partial<Checks> = {}): Checked {
  const { cases, length, world, folder: makeFolder, dressed } = { ...DEFAULTS, ...options };
  const folder = makeFolder([withFrozenStates(projection)]);
  let hardCases = 0;
  let refolds = 0;
  const property = fc.property(trafficOf(length), choices, (actions, given) => {
    const chooser = new Chooser(given);
    const appended = dressed(actOut(actions, world));
    const log = toLog(appended);
    const hard = toLog(rearranged(appended, chooser));
    const expected = drive(folder, log, []);
    hasColumns(projection, expected);
    same(expected, drive(folder, toLog([...appended, ...appended]), []), 'folded twice');
    same(expected, drive(folder, log, cuts(log, chooser, [undefined])), 'split into batches');
    same(
      expected,
      drive(folder, log, cuts(log, chooser, ['snapshot', 'kill', undefined])),
      'killed and restarted',
    );
    same(expected, drive(folder, hard, []), 'in another order');
    const hardest = drive(folder, hard, cuts(hard, chooser, ['snapshot', 'kill', undefined, undefined]));
    same(expected, hardest, 'in another order, split, killed and restarted');
    refolds += hardest.refolds;
    if (featuresOf(hard).length === FEATURES.length) hardCases++;
  });
  const result = fc.check(property, { numRuns: cases });
  return {
    failure: result.failed
      ? `${String(result.errorInstance)}\n${fc.defaultReportMessage(result)}`
      : undefined,
    hardCases,
    refolds,
  };
}

/** An order that has everything in it: interleaved anew every other time, one connection spooled, the first decision late, one record sent again. */
function rearranged(appended: readonly Appended[], chooser: Chooser): readonly Appended[] {
  const order = chooser.below(2) === 0 ? appended : interleave(appended, chooser);
  const connections = appended
    .filter(({ record }) => !isImport(record))
    .map(({ record }) => record.attributes.connection)
    .filter((id) => id !== undefined);
  const spooled = spoolLate(
    order,
    connections.reduce((a, b) => (a < b ? a : b)),
  );
  const decision = spooled.find(({ record }) => record.attributes.type === 'station.decision.v1');
  const late = [...spooled.filter((one) => one !== decision), ...(decision ? [decision] : [])];
  const again = late[chooser.below(late.length)];
  const from = again ? late.indexOf(again) + 1 : 0;
  return again ? late.toSpliced(from + chooser.below(late.length - from + 1), 0, again) : late;
}

function cuts(
  log: readonly LoggedRecord[],
  chooser: Chooser,
  then: readonly Step['then'][],
): readonly Step[] {
  const count = 1 + chooser.below(8);
  const ends = Array.from({ length: count }, () => chooser.below(log.length + 1)).sort((a, b) => a - b);
  return ends.map((until) => {
    const what = then[chooser.below(then.length)];
    return what === undefined ? { until } : { until, then: what };
  });
}

function same(expected: Outcome, actual: Outcome, how: string): void {
  const [parked] = [...expected.parked, ...actual.parked];
  if (parked) throw new Error(`parked at ${parked.recordId}: ${parked.error}`);
  for (const [key, values] of expected.current) {
    const [wanted, got] = [JSON.stringify(values), JSON.stringify(actual.current.get(key))];
    if (wanted !== got) throw new Error(`${how}: of ${key}\n  once: ${wanted}\n  now:  ${got}`);
  }
  for (const key of actual.current.keys()) {
    if (!expected.current.has(key)) throw new Error(`${how}: there is also ${key}`);
  }
}

/** Every fact fills its table's columns and no others. */
function hasColumns({ key, values }: Projection, { facts }: Outcome): void {
  const names = (row: object) => Object.keys(row).sort().join();
  for (const { fact } of facts) {
    if (names(fact.key) !== names(key)) throw new Error(`key columns are ${names(fact.key)}`);
    if (fact.values && names(fact.values) !== names(values)) {
      throw new Error(`value columns are ${names(fact.values)}, not ${names(values)}`);
    }
  }
}

/** The same projection, which a change of a state it was given makes throw. */
function withFrozenStates(projection: Projection): Projection {
  return {
    ...projection,
    apply: (state, observation) => projection.apply(deepFreeze(state), observation),
  };
}

function deepFreeze(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const member of Object.values(value)) deepFreeze(member);
  return value;
}
