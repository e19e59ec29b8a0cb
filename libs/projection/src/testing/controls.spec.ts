import type { LoggedRecord } from '@chargeproof/record';
import { initialReading, read } from '@chargeproof/ocpp';
import type { Observation, Reading } from '@chargeproof/ocpp';
import { describe, expect, it } from 'vitest';
import { createFolder } from '../fold/folder.ts';
import type { Fact, Folder, Projection, StampedFact, StreamState } from '../projection.ts';
import { checkProjection } from './checks.ts';
import { digestFault, digestOf } from './digest.ts';

/** Frames under the label that the newest decision in effect gives them, and whether the station rests. */
type State = {
  readonly label: string;
  readonly frames: number;
  readonly last: number | null;
  readonly resting: boolean;
};
const RESTS_AFTER = 10_000_000;

const labelled: Projection<State> = {
  name: 'labelled',
  version: 1,
  of: 'station',
  key: { label: 'String' },
  values: { frames: 'UInt32', resting: 'Bool' },
  initial: { label: 'none', frames: 0, last: null, resting: false },
  due: ({ last, resting }) => (last === null || resting ? undefined : last + RESTS_AFTER),
  apply(state, observation) {
    if (observation.kind === 'due') return say({ ...state, resting: true }, observation);
    if (observation.kind === 'frame') {
      return say({ ...state, frames: state.frames + 1, last: observation.time, resting: false }, observation);
    }
    if (observation.kind !== 'record' || observation.type !== 'station.decision.v1')
      return { state, facts: [] };
    const label = String(observation.payload.decision.label);
    const { facts, state: after } = say({ ...state, label, frames: 0 }, observation);
    const gone: Fact = {
      key: { label: state.label },
      values: null,
      successor: { label },
      time: observation.time,
    };
    return { state: after, facts: [gone, ...facts] };
  },
};

function say(state: State, { time }: Observation): { state: State; facts: Fact[] } {
  const { label, frames, resting } = state;
  return { state, facts: [{ key: { label }, values: { frames, resting }, time }] };
}

/** Says what a number is that it draws from anywhere. */
const drawing = (draw: () => number): Projection<null> => ({
  name: 'drawing',
  version: 1,
  of: 'station',
  key: { record: 'String' },
  values: { drawn: 'String' },
  initial: null,
  apply: (state, observation) => ({
    state,
    facts:
      observation.kind === 'frame'
        ? [
            {
              key: { record: observation.record.attributes.id },
              values: { drawn: String(draw()) },
              time: observation.time,
              settled: true,
            },
          ]
        : [],
  }),
});

/** A folder to which a record at another position is another record. */
function countingDuplicates(projections: readonly Projection[]): Folder {
  const folder = createFolder(projections);
  const made = new WeakMap<LoggedRecord, LoggedRecord>();
  const distinct = (record: LoggedRecord): LoggedRecord => {
    const { attributes, position } = record;
    if (attributes.sequence === undefined) return record;
    const id = `${attributes.id}@${position.offset}`;
    const sequence = attributes.sequence + position.offset / 1_000_000;
    const other = made.get(record) ?? { ...record, attributes: { ...attributes, id, sequence } };
    made.set(record, other);
    return other;
  };
  return {
    ...folder,
    isLate: (state, records) => folder.isLate(state, records.map(distinct)),
    forward: (state, records) => folder.forward(state, records.map(distinct)),
    refold: (snapshot, known, late) => folder.refold(snapshot, known.map(distinct), late.map(distinct)),
  };
}

/** A folder that takes records as they come: nothing is late, nothing is put in order; only duplicates are dropped. */
function inLogOrder(projections: readonly Projection[]): Folder {
  const [projection] = projections;
  const folder = createFolder(projections);
  if (!projection) return folder;
  const forward: Folder['forward'] = (state, records) => {
    type Naive = { readonly own: unknown; readonly seen: readonly string[]; readonly reading: Reading };
    let naive = (state.states.naive ?? {
      own: projection.initial,
      seen: [],
      reading: initialReading(),
    }) as Naive;
    const facts: StampedFact[] = [];
    for (const record of records) {
      const { id } = record.attributes;
      if (naive.seen.includes(id)) continue;
      const step = read(naive.reading, record);
      const { state: own, facts: said } = projection.apply(naive.own, step.observation);
      naive = { own, seen: [...naive.seen, id], reading: step.state };
      const { position, loggedAt } = record;
      const { stream } = state;
      for (const fact of said)
        facts.push({ projection: projection.name, version: 1, stream, fact, position, loggedAt });
    }
    return {
      state: { ...state, states: { ...state.states, naive } } satisfies StreamState,
      facts: lastOfEach(facts),
    };
  };
  return { ...folder, forward, isLate: () => false };
}

function lastOfEach(facts: readonly StampedFact[]): readonly StampedFact[] {
  const placed = new Map(facts.map((fact) => [JSON.stringify([fact.fact.key, fact.position]), fact]));
  return [...placed.values()];
}

const quick = { cases: 120, length: 24 };

describe('the generated spec', () => {
  it('holds for a fold with decisions, due times, retractions and counts', () => {
    const { failure, hardCases, refolds } = checkProjection(labelled, quick);
    expect(failure).toBeUndefined();
    expect(hardCases).toBe(quick.cases);
    expect(refolds).toBeGreaterThan(quick.cases);
  });

  it('holds for stations of several partitions that share three gateways', () => {
    const world = { stations: ['CP-1', 'CP-2', 'CP-3', 'CP-4'], partitions: 3, gateways: 3, tickSeconds: 60 };
    expect(checkProjection(labelled, { cases: 60, length: 60, world }).failure).toBeUndefined();
  });

  it('fails a fold that reads a clock', () => {
    expect(
      checkProjection(
        drawing(() => performance.now()),
        quick,
      ).failure,
    ).toContain('drawn');
  });

  it('fails a fold that draws random numbers', () => {
    expect(checkProjection(drawing(Math.random), quick).failure).toContain('drawn');
  });

  it('fails a fold that counts duplicates', () => {
    const counting = { ...labelled, due: () => undefined };
    expect(checkProjection(counting, { ...quick, folder: countingDuplicates }).failure).toContain('frames');
  });

  it('fails a fold in log order', () => {
    const { failure } = checkProjection(labelled, { ...quick, folder: inLogOrder });
    expect(failure).toContain('in another order');
  });

  it('fails a fold that changes the state it is given', () => {
    const changing: Projection<{ frames: number }> = {
      ...labelled,
      name: 'changing',
      initial: { frames: 0 },
      due: () => undefined,
      apply(state) {
        state.frames++;
        return { state, facts: [] };
      },
    };
    expect(checkProjection(changing, quick).failure).toContain('parked');
  });

  it('fails a fold that leaves a column out', () => {
    const lacking = {
      ...labelled,
      values: { ...labelled.values, more: 'String' },
    } satisfies Projection<State>;
    expect(checkProjection(lacking, quick).failure).toContain('columns');
  });
});

describe('the digest', () => {
  it('holds for the version it was taken of', () => {
    expect(digestFault(labelled, digestOf(labelled))).toBeUndefined();
  });

  it('says what to do when a fold says something else under its old version', () => {
    const kept = digestOf(labelled);
    const changed: Projection<State> = {
      ...labelled,
      apply: (state, observation) => {
        const step = labelled.apply(state, observation);
        return { ...step, facts: step.facts.map((fact) => ({ ...fact, key: { label: 'other' } })) };
      },
    };
    expect(digestFault(changed, kept)).toMatch(/set its version to 2, then write \{"version":2,/);
    const raised = { ...changed, version: 2 };
    expect(digestFault(raised, kept)).toMatch(/has version 2: write \{"version":2,/);
    expect(digestFault(raised, digestOf(raised))).toBeUndefined();
  });
});
