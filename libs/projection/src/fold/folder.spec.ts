import type { Observation } from '@chargeproof/ocpp';
import type { LoggedRecord } from '@chargeproof/record';
import { describe, expect, it } from 'vitest';
import type { Fact, Projection, StreamState } from '../projection.ts';
import { Scene, second, STATION, STATION_STREAM } from '../testing/index.ts';
import { createFolder } from './folder.ts';

const heartbeat = (id: string) => `[2,"${id}","Heartbeat",{}]`;

/** Tells of everything it is given, under one key each. */
const diary: Projection<number> = {
  name: 'diary',
  version: 3,
  of: 'station',
  key: { entry: 'UInt32' },
  values: { kind: 'String', at: 'Int64' },
  initial: 0,
  apply: (count, observation) => ({
    state: count + 1,
    facts: [
      {
        key: { entry: count },
        values: { kind: kindOf(observation), at: observation.time },
        time: observation.time,
      },
    ],
  }),
};
const kindOf = (observation: Observation) =>
  observation.kind === 'record' ? observation.type : observation.kind;

/** The one thing it says: the last frame's time, and whether 10 s have passed since. */
const resting: Projection<{ last: number; rests: boolean }> = {
  name: 'resting',
  version: 1,
  of: 'station',
  key: { what: 'String' },
  values: { rests: 'Bool' },
  initial: { last: Number.MAX_SAFE_INTEGER, rests: true },
  due: ({ last, rests }) => (rests ? undefined : last + 10_000_000),
  apply(state, { kind, time }) {
    if (kind === 'record') return { state, facts: [] };
    const now = kind === 'due' ? { ...state, rests: true } : { last: time, rests: false };
    return { state: now, facts: [{ key: { what: 'station' }, values: { rests: now.rests }, time }] };
  },
};

function fold(projection: Projection, log: readonly LoggedRecord[], state?: StreamState) {
  const folder = createFolder([projection]);
  return folder.forward(state ?? folder.initial(STATION_STREAM), log);
}
const said = (facts: readonly { readonly fact: Fact }[]) => facts.map(({ fact }) => fact.values);

describe('due', () => {
  it('fires at the next tick of the run that holds the connection, with the due time', () => {
    const scene = new Scene();
    const run = scene.run('aaaaaa');
    const socket = run.open(second(1), STATION);
    run.frame(second(2), socket, 'station-to-csms', heartbeat('1'));
    run.tick(second(60), 60);
    const { facts } = fold(resting, scene.log());
    expect(facts.map(({ fact, position }) => [fact.values, fact.time, position.offset])).toEqual([
      [{ rests: false }, second(2), 1],
      [{ rests: true }, second(12), 2],
    ]);
  });

  it('fires before a later record, and not before one at its very time', () => {
    const scene = new Scene();
    const run = scene.run('aaaaaa');
    const socket = run.open(second(1), STATION);
    run.frame(second(2), socket, 'station-to-csms', heartbeat('1'));
    run.frame(second(12), socket, 'station-to-csms', heartbeat('2'));
    expect(said(fold(resting, scene.log()).facts)).toEqual([{ rests: false }]);
    run.frame(second(22.000_001), socket, 'station-to-csms', heartbeat('3'));
    // Both changes have the third frame's position, and the second takes the first back: nothing is said.
    expect(said(fold(resting, scene.log()).facts)).toEqual([{ rests: false }]);
  });

  it('does not fire at the tick of a run that holds no connection of the station', () => {
    const scene = new Scene();
    const run = scene.run('aaaaaa');
    const socket = run.open(second(1), STATION);
    run.frame(second(2), socket, 'station-to-csms', heartbeat('1'));
    scene.run('bbbbbb').tick(second(60), 60);
    expect(said(fold(resting, scene.log()).facts)).toEqual([{ rests: false }]);
  });

  it('parks a projection whose due time does not move on', () => {
    const stuck: Projection = { ...resting, due: () => second(3) };
    const scene = new Scene();
    const run = scene.run('aaaaaa');
    run.open(second(5), STATION);
    const { state } = fold(stuck, scene.log());
    expect(state.parked['resting@1']?.error).toContain('due stays');
  });
});

describe('run records in a station’s order', () => {
  it('places a tick by the run’s own clock, whatever the wall clock did', () => {
    const scene = new Scene();
    const run = scene.run('aaaaaa');
    const socket = run.open(second(1), STATION);
    run.stepClock(-3600_000_000);
    run.frame(second(50), socket, 'station-to-csms', heartbeat('1'));
    run.tick(second(60), 60);
    expect(said(fold(diary, scene.log()).facts)).toEqual([
      { kind: 'ocpp.handshake-accepted.v1', at: second(1) },
      { kind: 'frame', at: second(50) },
      { kind: 'recorder.tick.v1', at: second(60) },
    ]);
  });

  it('ends a connection after all that is heard of it when the next run tells that its own died', () => {
    const scene = new Scene();
    const run = scene.run('aaaaaa');
    const socket = run.open(second(1), STATION);
    // The machine came up again with a clock an hour behind.
    const next = scene.run('bbbbbb', second(70), -3600_000_000);
    next.start(60, { run: run.id, endedCleanly: false });
    run.frame(second(50), socket, 'station-to-csms', heartbeat('1'));
    const { facts, state } = fold(diary, scene.log());
    expect(said(facts).map((values) => values?.kind)).toEqual([
      'ocpp.handshake-accepted.v1',
      'frame',
      'recorder.run-started.v1',
    ]);
    expect(state.open).toEqual({});
    expect(state.ended).toMatchObject([{ connection: socket.id, lost: true }]);
  });

  it('watches the runs that hold its connections, and takes stragglers of a lost one for late', () => {
    const scene = new Scene();
    const run = scene.run('aaaaaa');
    const socket = run.open(second(1), STATION);
    const folder = createFolder([diary]);
    const open = folder.forward(folder.initial(STATION_STREAM), scene.log()).state;
    expect(folder.watches(open)).toEqual([run.id]);
    run.frame(second(2), socket, 'station-to-csms', heartbeat('1'));
    const next = scene.run('bbbbbb', second(70));
    next.start(60, { run: run.id, endedCleanly: false });
    run.frame(second(3), socket, 'station-to-csms', heartbeat('2'));
    const log = scene.log();
    const lost = folder.forward(open, log.slice(1, 3)).state;
    expect(folder.isLate(lost, [log[3]!])).toBe(true);
    expect(folder.isLate(open, [log[3]!])).toBe(false);
    const { state } = folder.refold(open, log.slice(1, 3), log.slice(3));
    expect(state).toEqual(folder.forward(folder.initial(STATION_STREAM), log).state);
  });
});

describe('a decision', () => {
  const decided = (made: number, effective: number): LoggedRecord => ({
    key: STATION_STREAM.key,
    attributes: {
      id: 'decisions/0',
      source: 'decisions',
      type: 'station.decision.v1',
      tenant: 'default',
      subject: 'CP-1',
      time: second(made),
      witness: 'wire',
    },
    value: new TextEncoder().encode(
      JSON.stringify({ who: 'me', why: 'so', effective: second(effective), decision: {} }),
    ),
    position: { generation: 0, partition: 0, offset: 99 },
    loggedAt: second(made),
  });

  it('stands at the date from which it holds, and is late there', () => {
    const scene = new Scene();
    const run = scene.run('aaaaaa');
    const socket = run.open(second(1), STATION);
    run.frame(second(50), socket, 'station-to-csms', heartbeat('1'));
    const folder = createFolder([diary]);
    const { state } = fold(diary, scene.log());
    expect(folder.isLate(state, [decided(60, 20)])).toBe(true);
    const { facts } = folder.refold(folder.initial(STATION_STREAM), scene.log(), [decided(60, 20)]);
    expect(said(facts)).toEqual([
      { kind: 'station.decision.v1', at: second(20) },
      { kind: 'frame', at: second(50) },
    ]);
  });

  it('for a date to come stands where it was made, so that what follows is not late', () => {
    const scene = new Scene();
    const run = scene.run('aaaaaa');
    const socket = run.open(second(1), STATION);
    const { state } = fold(diary, [...scene.log(), decided(60, 9000)]);
    run.frame(second(61), socket, 'station-to-csms', heartbeat('1'));
    expect(state.folded?.time).toBe(second(60));
    expect(createFolder([diary]).isLate(state, [scene.log()[1]!])).toBe(false);
  });
});

describe('a run whose end is known', () => {
  it('makes what it wrote and comes yet late, also of a connection that was not heard of before', () => {
    const scene = new Scene();
    const run = scene.run('aaaaaa');
    scene.run('bbbbbb', second(70)).start(60, { run: run.id, endedCleanly: false });
    const socket = run.open(second(1), STATION);
    const log = scene.log();
    const folder = createFolder([diary]);
    const { state } = folder.forward(folder.initial(STATION_STREAM), log.slice(0, 1));
    expect(state.endedRuns).toEqual([run.id]);
    expect(folder.isLate(state, [log[1]!])).toBe(true);
    const { facts, state: after } = folder.refold(
      folder.initial(STATION_STREAM),
      log.slice(0, 1),
      log.slice(1),
    );
    expect(said(facts).map((values) => values?.kind)).toEqual([
      'ocpp.handshake-accepted.v1',
      'recorder.run-started.v1',
    ]);
    expect(after.ended).toMatchObject([{ connection: socket.id, lost: true }]);
  });
});

describe('what is said', () => {
  it('is stamped with the highest position that had to be known, once for a key and position', () => {
    const scene = new Scene();
    const run = scene.run('aaaaaa');
    const socket = run.open(second(1), STATION);
    run.frame(second(2), socket, 'station-to-csms', heartbeat('1'));
    run.frame(second(20), socket, 'station-to-csms', heartbeat('2'));
    const [open, first, later] = scene.log();
    // The same records, of which the log has the first two last: the handshake at 1, the frame at 2 and at 0.
    const at = (record: LoggedRecord | undefined, offset: number) => ({
      ...record!,
      position: { generation: 0, partition: 0, offset },
    });
    const { facts } = fold(diary, [at(later, 0), at(open, 1), at(first, 2)]);
    expect(facts.map(({ fact, position }) => [fact.values?.at, position.offset])).toEqual([
      [second(1), 1],
      [second(2), 2],
      [second(20), 2],
    ]);
  });

  it('leaves out what did not change, and forgets what is settled', () => {
    const settling: Projection<number> = {
      ...diary,
      name: 'settling',
      apply: (state, { time }) => ({
        state,
        facts: [
          { key: { entry: 0 }, values: { kind: 'same', at: 0 }, time },
          { key: { entry: time }, values: { kind: 'new', at: 0 }, time, settled: true },
        ],
      }),
    };
    const scene = new Scene();
    const run = scene.run('aaaaaa');
    const socket = run.open(second(1), STATION);
    run.frame(second(2), socket, 'station-to-csms', heartbeat('1'));
    const { facts, state } = fold(settling, scene.log());
    expect(facts.map(({ fact }) => fact.key.entry)).toEqual([0, second(1), second(2)]);
    expect(Object.keys(state.said['settling@3'] ?? {})).toEqual(['[0]']);
  });
});

describe('a throw', () => {
  const failing: Projection<number> = {
    ...diary,
    name: 'failing',
    apply(count, observation) {
      if (observation.kind === 'frame' && observation.frame.messageId === 'bad')
        throw new TypeError('unforeseen');
      return diary.apply(count, observation);
    },
  };

  it('parks its projection at that record; others go on, and its state stays', () => {
    const scene = new Scene();
    const run = scene.run('aaaaaa');
    const socket = run.open(second(1), STATION);
    for (const id of ['1', 'bad', '2']) run.frame(second(2), socket, 'station-to-csms', heartbeat(id));
    const folder = createFolder([failing, diary]);
    const { facts, state } = folder.forward(folder.initial(STATION_STREAM), scene.log());
    expect(facts.filter(({ projection }) => projection === 'diary')).toHaveLength(4);
    expect(facts.filter(({ projection }) => projection === 'failing')).toHaveLength(2);
    expect(state.parked).toEqual({
      'failing@3': {
        since: { generation: 0, partition: 0, offset: 2 },
        recordId: `${socket.id}/2`,
        error: 'unforeseen',
      },
    });
    expect(state.states['failing@3']).toBe(2);
  });

  it('of the reading, for a record of ours that is no JSON, parks all', () => {
    const scene = new Scene();
    const run = scene.run('aaaaaa');
    run.open(second(1), STATION);
    const [record] = scene.log();
    const torn = { ...record!, value: new TextEncoder().encode('{"leg":') };
    const { state } = fold(diary, [torn]);
    expect(Object.keys(state.parked)).toEqual(['diary@3']);
  });

  it('does not retract what a projection said before it was parked', () => {
    const scene = new Scene();
    const run = scene.run('aaaaaa');
    const early = run.open(second(1), STATION);
    const socket = run.open(second(3), STATION);
    run.frame(second(4), socket, 'station-to-csms', heartbeat('1'));
    run.frame(second(2), early, 'station-to-csms', heartbeat('bad'));
    const folder = createFolder([failing]);
    const log = scene.log();
    const { facts, state } = folder.refold(folder.initial(STATION_STREAM), log.slice(0, 3), log.slice(3));
    expect(facts).toEqual([]);
    expect(Object.keys(state.parked)).toEqual(['failing@3']);
  });
});

describe('refold', () => {
  it('restores what held at the snapshot, retracts what never was, and names the successor', () => {
    type Turn = { readonly on: boolean };
    /** `switch` goes on with an unlabelled frame; a frame "off" before it keeps it off. Marks are keyed by the frame's id. */
    const turning: Projection<Turn> = {
      name: 'turning',
      version: 1,
      of: 'station',
      key: { what: 'String' },
      values: { on: 'Bool' },
      initial: { on: true },
      successor: (_gone, instead) => instead.find(({ key }) => String(key.what).startsWith('mark'))?.key,
      apply(state, observation) {
        const { time } = observation;
        const lamp = (on: boolean): Fact => ({ key: { what: 'lamp' }, values: { on }, time });
        if (observation.kind !== 'frame') return { state, facts: [lamp(false)] };
        if (observation.frame.messageId === 'off') return { state: { on: false }, facts: [] };
        const mark = { key: { what: `mark ${state.on}` }, values: { on: state.on }, time };
        return { state, facts: state.on ? [lamp(true), mark] : [mark] };
      },
    };
    const scene = new Scene();
    const run = scene.run('aaaaaa');
    const socket = run.open(second(1), STATION);
    const other = run.open(second(1), STATION);
    run.frame(second(5), socket, 'station-to-csms', heartbeat('1'));
    run.frame(second(3), other, 'station-to-csms', heartbeat('off'));
    const log = scene.log();
    const folder = createFolder([turning]);
    const snapshot = folder.forward(folder.initial(STATION_STREAM), log.slice(0, 2)).state;
    const { facts } = folder.refold(snapshot, log.slice(2, 3), log.slice(3));
    expect(facts.map(({ fact, position }) => [fact, position.offset])).toEqual([
      [{ key: { what: 'mark false' }, values: { on: false }, time: second(5) }, 3],
      [{ key: { what: 'lamp' }, values: { on: false }, time: second(1) }, 3],
      [{ key: { what: 'mark true' }, values: null, successor: { what: 'mark false' }, time: second(5) }, 3],
    ]);
  });

  it('says nothing of a record that was only sent again', () => {
    const scene = new Scene();
    const run = scene.run('aaaaaa');
    const socket = run.open(second(1), STATION);
    run.frame(second(2), socket, 'station-to-csms', heartbeat('1'));
    run.frame(second(3), socket, 'station-to-csms', heartbeat('2'));
    scene.appended.push(scene.appended[1]!);
    const log = scene.log();
    const folder = createFolder([diary]);
    const { state } = folder.forward(folder.initial(STATION_STREAM), log.slice(0, 3));
    expect(folder.isLate(state, [log[3]!])).toBe(true);
    const again = folder.refold(folder.initial(STATION_STREAM), log.slice(0, 3), log.slice(3));
    expect(again.facts).toEqual([]);
    expect(again.state).toEqual(state);
  });
});

describe('fits', () => {
  it('takes a state of the same projections, versions and reading, through JSON, and no other', () => {
    const folder = createFolder([diary]);
    const state = JSON.parse(JSON.stringify(folder.initial(STATION_STREAM))) as StreamState;
    expect(folder.fits(state)).toBe(true);
    expect(folder.fits({ ...state, reading: { version: 0, connections: {} } })).toBe(false);
    expect(createFolder([{ ...diary, version: 4 }]).fits(state)).toBe(false);
    expect(createFolder([diary, resting]).fits(state)).toBe(false);
    expect(createFolder([]).fits(state)).toBe(false);
  });
});
