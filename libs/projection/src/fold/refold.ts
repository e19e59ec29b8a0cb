import type { LoggedRecord } from '@chargeproof/record';
import {
  type Fact,
  type Folding,
  type Projection,
  projectionId,
  type StampedFact,
  type StreamState,
} from '../projection.ts';
import { Fold } from './fold.ts';
import type { Item } from './item.ts';
import { arrange } from './items.ts';
import { comparePlaces, comparePositions } from './place.ts';
import type { Saying, Stamp } from './said.ts';
import { sameValues } from './said.ts';

/**
 * Folds a stream again with records that stand among those folded before. What both ways have in common
 * at their beginning is folded once; after it the two go on apart, and what they say last is compared.
 */
export function refold(
  projections: readonly Projection[],
  snapshot: StreamState,
  known: readonly LoggedRecord[],
  late: readonly LoggedRecord[],
): Folding {
  const stamp = highest(late);
  const { items: without } = arrange(snapshot, known);
  const arranged = arrange(snapshot, [...known, ...late]);
  const { items: within } = arranged;
  const shared = sharedLength(without, within);
  const common = new Fold(projections, snapshot)
    .note(known)
    .note(late)
    .noteRecordings(arranged)
    .fold(within.slice(0, shared));
  const before = common.branch().fold(without.slice(shared));
  const after = common.branch().fold(within.slice(shared));
  const state = after.state();
  if (stamp === undefined) return { state, facts: [] };
  const facts = projections.flatMap((projection, index) => {
    const [was, is] = [before.sayings[index], after.sayings[index]];
    if (was === undefined || is === undefined) return [];
    const parked = projectionId(projection) in state.parked;
    return difference(projection, was, is, parked).map((fact) => ({
      projection: projection.name,
      version: projection.version,
      stream: snapshot.stream,
      fact,
      ...stamp,
    }));
  });
  return { state, facts };
}

/** What has to be said so that what holds after `was` becomes what holds after `is`. */
function difference(projection: Projection, was: Saying, is: Saying, parked: boolean): readonly Fact[] {
  const before = was.latest();
  const after = is.latest();
  const changed: Fact[] = [];
  for (const [key, { fact }] of after) {
    if (!saysTheSame(projection, before.get(key)?.fact, fact)) changed.push(fact);
  }
  // A parked projection has not said all it would: what it no longer says is not thereby untrue.
  if (parked) return changed;
  const gone: Fact[] = [];
  for (const [key, { fact }] of before) {
    if (!after.has(key)) gone.push(...undo(projection, fact, is.saidOf(key), after));
  }
  return [...changed, ...gone];
}

/** A key that is spoken of only without the late records: back to what held at their parting, or to nothing. */
function undo(
  projection: Projection,
  { key, values, time }: Fact,
  held: ReturnType<Saying['saidOf']>,
  after: ReadonlyMap<string, StampedFact>,
): readonly Fact[] {
  if (held) return [{ key, values: held.values, time: held.time }];
  if (values === null) return [];
  const instead = [...after.values()].map(({ fact }) => fact).filter((fact) => fact.values !== null);
  const successor = projection.successor?.(key, instead);
  return [{ key, values: null, time, ...(successor === undefined ? {} : { successor }) }];
}

function saysTheSame(projection: Projection, a: Fact | undefined, b: Fact): boolean {
  if (a === undefined) return false;
  if (a.values === null || b.values === null) return a.values === b.values;
  return sameValues(projection, a.values, b.values);
}

function sharedLength(a: readonly Item[], b: readonly Item[]): number {
  let length = 0;
  for (; length < a.length; length++) {
    const [one, other] = [a[length], b[length]];
    if (!one || !other || !isSame(one, other)) break;
  }
  return length;
}

function isSame(a: Item, b: Item): boolean {
  return (
    a.record.attributes.id === b.record.attributes.id &&
    comparePlaces(a.place, b.place) === 0 &&
    a.twin?.sameAs === b.twin?.sameAs &&
    a.twin?.clockOffset === b.twin?.clockOffset
  );
}

function highest(records: readonly LoggedRecord[]): Stamp | undefined {
  let top: LoggedRecord | undefined;
  for (const record of records) {
    if (!top || comparePositions(record.position, top.position) > 0) top = record;
  }
  return top && { position: top.position, loggedAt: top.loggedAt };
}
