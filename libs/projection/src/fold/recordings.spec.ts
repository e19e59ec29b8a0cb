import type { Direction, LoggedRecord } from '@chargeproof/record';
import { describe, expect, it } from 'vitest';
import type { Projection } from '../projection.ts';
import type { Line } from '../testing/index.ts';
import { Scene, second, STATION, STATION_STREAM } from '../testing/index.ts';
import { createFolder } from './folder.ts';

const UP: Direction = 'station-to-csms';
const NOON = second(43_200);
const call = (id: string) => `[2,"${id}","Heartbeat",{}]`;
const line = (at: number, id: string): Line => ({ time: second(at), direction: UP, text: call(id) });

/** Which frames were folded, in which order, and which of them are whose twins. */
const seen: Projection<readonly string[]> = {
  name: 'seen',
  version: 1,
  of: 'station',
  key: { what: 'String' },
  values: { seen: 'String' },
  initial: [],
  apply(state, observation) {
    if (observation.kind === 'due' || observation.kind === 'record') return { state, facts: [] };
    const { messageId = '' } =
      observation.kind === 'frame' ? observation.frame : { messageId: `=${observation.sameAs.slice(-1)}` };
    const now = [...state, messageId];
    const { time } = observation;
    return { state: now, facts: [{ key: { what: 'all' }, values: { seen: now.join(' ') }, time }] };
  },
};

const folder = createFolder([seen]);
const initial = folder.initial(STATION_STREAM);
const lastOf = (facts: ReturnType<typeof folder.forward>['facts']) => facts.at(-1)?.fact.values?.seen;
/** What is folded of all of it at once. */
const wholeOf = (log: readonly LoggedRecord[]) => lastOf(folder.forward(initial, log).facts);

/** A live connection that begins at 0 s. */
function live(scene: Scene, ...frames: readonly (readonly [at: number, id: string])[]) {
  const run = scene.run('aaaaaa');
  const socket = run.open(second(0), STATION);
  const say = (at: number, id: string) => {
    run.frame(second(at), socket, UP, call(id));
  };
  for (const [at, id] of frames) say(at, id);
  return say;
}

describe('a recording', () => {
  it('is passed over until its end is there, and then it is late', () => {
    const scene = new Scene();
    scene.import('iiiiii', NOON).file(STATION, [line(1, 'a'), line(2, 'b')]);
    const log = scene.log();
    const before = folder.forward(initial, log.slice(0, 3));
    expect(before.facts).toEqual([]);
    expect(before.state.unended).toEqual(log[0]?.position);
    expect(folder.isLate(before.state, log.slice(1, 3))).toBe(false);
    expect(folder.isLate(before.state, log.slice(3))).toBe(true);
    expect(folder.isLate(initial, log)).toBe(false);
    const { facts, state } = folder.refold(initial, log.slice(0, 3), log.slice(3));
    expect(lastOf(facts)).toBe('a b');
    expect(state).toEqual(folder.forward(initial, log).state);
  });

  it('says what it says at the position of its end, in one batch or in many', () => {
    const scene = new Scene();
    live(scene, [5, 'live']);
    scene.import('iiiiii', NOON).file(STATION, [line(1, 'a'), line(9, 'b')]);
    const log = scene.log();
    const { facts } = folder.forward(initial, log);
    expect(facts.map(({ fact, position }) => [fact.values?.seen, position])).toEqual([
      ['a live b', log.at(-1)?.position],
    ]);
  });

  it('that was cut off is folded with the one that was run again, in the order of the file', () => {
    const scene = new Scene();
    // A file with whole seconds, and importers whose ids stand the other way round.
    const file = ['a', 'b', 'c', 'd', 'e'].map((id) => line(1, id));
    scene.import('zzzzzz', NOON).file(STATION, file, 2);
    const cut = scene.log();
    expect(folder.forward(initial, cut).facts).toEqual([]);
    scene.import('aaaaaa', NOON + 1).file(STATION, file);
    expect(wholeOf(scene.log())).toBe('a b c d e');
    const { state } = folder.forward(initial, cut);
    const rest = scene.log().slice(cut.length);
    expect(folder.isLate(state, rest)).toBe(true);
    expect(lastOf(folder.refold(initial, cut, rest).facts)).toBe('a b c d e');
  });

  it('of earlier days that comes after later ones stands before them', () => {
    const scene = new Scene();
    const importer = scene.import('iiiiii', NOON);
    importer.file(STATION, [line(20, 'c'), line(21, 'd')]);
    const later = scene.log();
    importer.file(STATION, [line(10, 'a'), line(20, 'b')]);
    const { state } = folder.forward(initial, later);
    const earlier = scene.log().slice(later.length);
    expect(folder.isLate(state, earlier)).toBe(true);
    expect(lastOf(folder.refold(initial, later, earlier).facts)).toBe('a b c d');
  });

  it('is ended by no end that was only sent again', () => {
    const scene = new Scene();
    scene.import('iiiiii', NOON).file(STATION, [line(1, 'a')]);
    const end = scene.appended.at(-1);
    scene.import('jjjjjj', NOON + 1).file(STATION, [line(2, 'b')], 1);
    if (end) scene.appended.push(end);
    expect(wholeOf(scene.log())).toBe('a');
    const first = scene.log().slice(0, 3);
    const { state } = folder.forward(initial, first);
    expect(folder.refold(state, [], scene.log().slice(3)).facts).toEqual([]);
  });
});

describe('a recording of what was live', () => {
  const told = [line(1, 'a'), line(2, 'b'), line(3, 'c'), line(4, 'd')];

  it('tells of the frames that the gateway saw as twins, and fills its gaps', () => {
    const scene = new Scene();
    live(scene, [1, 'a'], [2, 'b'], [4, 'd']);
    scene.import('iiiiii', NOON).file(STATION, told);
    expect(wholeOf(scene.log())).toBe('a =1 b =2 c d =3');
  });

  it('makes live frames late that may be twins of its own, and those after it not', () => {
    const scene = new Scene();
    const say = live(scene, [1, 'a']);
    scene.import('iiiiii', second(100)).file(STATION, told);
    const known = scene.log();
    say(4, 'd');
    say(100.000_001, 'e');
    const [twin, later] = scene.log().slice(known.length);
    if (!twin || !later) throw new Error('two frames were live');
    const { state } = folder.forward(initial, known);
    expect(folder.isLate(state, [later])).toBe(false);
    expect(folder.isLate(state, [twin])).toBe(true);
    expect(folder.isLate(folder.forward(state, [later]).state, [twin])).toBe(true);
    expect(lastOf(folder.refold(initial, known, [twin]).facts)).toBe('a =1 b c d =2');
  });

  it('is aligned anew when a spool brings what makes its clock known', () => {
    const scene = new Scene();
    // The recorder's clock is an hour behind: its frames stand before all that is live.
    const say = live(scene, [3601, 'a'], [3602, 'b']);
    scene.import('iiiiii', NOON).file(STATION, told);
    const known = scene.log();
    const { state } = folder.forward(initial, known);
    expect(wholeOf(known)).toBe('a b c d a b');
    say(3603, 'c');
    const late = scene.log().slice(known.length);
    expect(folder.isLate(state, late)).toBe(true);
    const twins: Projection<null> = {
      name: 'twins',
      version: 1,
      of: 'station',
      key: seen.key,
      values: seen.values,
      initial: null,
      apply: (_state, observation) => ({
        state: null,
        facts:
          observation.kind === 'same-as'
            ? [
                {
                  key: { what: observation.record.attributes.id },
                  values: { seen: observation.sameAs },
                  time: observation.time,
                  settled: true,
                },
              ]
            : [],
      }),
    };
    const telling = createFolder([twins]);
    expect(telling.refold(telling.initial(STATION_STREAM), known, late).facts).toHaveLength(3);
  });

  it('lets go of none of many spans that a live frame may stand in', () => {
    const scene = new Scene();
    const importer = scene.import('iiiiii', second(1e8));
    const day = 86_400;
    for (let n = 0; n < 80; n++) importer.file(STATION, [line(n * 4 * day, `on ${n}`)]);
    const { state } = folder.forward(initial, scene.log());
    expect(state.recordings).toHaveLength(64);
    const ofDay = (n: number) => {
      const other = new Scene();
      other
        .run('aaaaaa')
        .frame(second(n * day), other.run('aaaaaa').socket(second(n * day), STATION), UP, 'x');
      return folder.isLate({ ...state, folded: null }, other.log());
    };
    expect([0, 4, 40, 4 * 79].map(ofDay)).toEqual([true, true, true, true]);
    expect([-3, 4 * 79 - 2].map(ofDay)).toEqual([false, false]);
  });
});

describe('due', () => {
  it('fires between the records of a recording, with its own time, and no clock ends it', () => {
    const resting: Projection<number | null> = {
      name: 'resting',
      version: 1,
      of: 'station',
      key: { since: 'Int64' },
      values: { rests: 'Bool' },
      initial: null,
      due: (last) => (last === null ? undefined : last + 10_000_000),
      apply: (last, { kind, time }) =>
        kind === 'due'
          ? { state: null, facts: [{ key: { since: time }, values: { rests: true }, time }] }
          : { state: kind === 'frame' ? time : last, facts: [] },
    };
    const scene = new Scene();
    scene.import('iiiiii', NOON).file(STATION, [line(1, 'a'), line(60, 'b')]);
    const { facts, state } = createFolder([resting]).forward(initial, scene.log());
    expect(facts.map(({ fact }) => fact.time)).toEqual([second(11)]);
    expect(state.states['resting@1']).toBe(second(60));
  });
});
