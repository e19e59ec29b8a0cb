import type { Direction, LoggedRecord } from '@chargeproof/record';
import { effectiveTime } from '@chargeproof/record';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Line } from '../testing/index.ts';
import { Scene, second, STATION } from '../testing/index.ts';
import { align } from './align.ts';
import { TOLERANCE } from './clock-offset.ts';

const UP: Direction = 'station-to-csms';
const DOWN: Direction = 'csms-to-station';
const call = (id: string, what: object = {}) => JSON.stringify([2, id, 'Heartbeat', what]);
const result = (id: string, what: object = {}) => JSON.stringify([3, id, what]);

type Said = { readonly at: number; readonly direction: Direction; readonly text: string };
const isFrame = ({ attributes }: LoggedRecord) => attributes.type === 'ocpp.frame.v1';

/** Live frames and those of one recording, as the log has them. */
function sides(live: readonly Said[], recorded: readonly (Said & Pick<Line, 'inferred'>)[]) {
  const scene = new Scene();
  const run = scene.run('aaaaaa');
  const socket = run.open(second(0), STATION);
  for (const { at, direction, text } of live) run.frame(second(at), socket, direction, text);
  const lines = recorded.map(({ at, ...line }) => ({ ...line, time: second(at) }));
  scene.import('imported', second(1e6)).file(STATION, lines);
  const frames = scene.log().filter(isFrame);
  return {
    live: frames.filter(({ attributes }) => attributes.witness === 'wire'),
    recording: frames.filter(({ attributes }) => attributes.witness === 'import'),
  };
}

/** Which live frame each recorded one is, by their places. */
function twins(live: readonly Said[], recorded: readonly (Said & Pick<Line, 'inferred'>)[]) {
  const given = sides(live, recorded);
  const found = align(given.recording, given.live);
  const places = new Map(given.live.map(({ attributes }, index) => [attributes.id, index]));
  return given.recording.map(({ attributes }) => places.get(found.get(attributes.id)?.sameAs ?? '') ?? null);
}

/** An exchange that nothing else looks like, and one that all heartbeats look like. */
const own = (n: number, at: number): Said[] => [
  { at, direction: UP, text: call(`own-${n}`, { n }) },
  { at: at + 0.2, direction: DOWN, text: result(`own-${n}`, { n }) },
];
const heartbeat = (at: number): Said[] => [
  { at, direction: UP, text: call('1') },
  { at: at + 0.2, direction: DOWN, text: result('1') },
];
const later = (said: readonly Said[], by: number) => said.map((one) => ({ ...one, at: one.at + by }));

describe('align', () => {
  const day = [...own(1, 10), ...own(2, 20), ...heartbeat(30), ...own(3, 40), ...heartbeat(60)];

  it.each([0, 1.9, -3600, 7200.5, -14 * 3600])('finds every frame again that is %d s off', (offset) => {
    expect(twins(day, later(day, offset))).toEqual(day.map((_, index) => index));
  });

  it('finds nothing beyond the largest offset', () => {
    expect(twins(day, later(day, 16 * 3600)).every((twin) => twin === null)).toBe(true);
  });

  it('leaves what the gateway missed, and finds what stands around it', () => {
    const live = [...day.slice(0, 4), ...day.slice(6)];
    expect(twins(live, later(day, 3600))).toEqual([0, 1, 2, 3, null, null, 4, 5, 6, 7]);
  });

  it('pairs frames that are alike one to one, in their order', () => {
    const live = [...day, ...heartbeat(61)];
    expect(twins(live, later([...day.slice(0, 8), ...heartbeat(61)], 100))).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
    ]);
    expect(new Set(twins(live, live)).size).toBe(live.length);
  });

  it('takes no heartbeats and empty responses for evidence, however many there are', () => {
    const beats = (from: number) => Array.from({ length: 50 }, (_, n) => heartbeat(from + 300 * n)).flat();
    expect(twins(beats(0), beats(3600)).every((twin) => twin === null)).toBe(true);
    expect(twins([...beats(0), ...own(1, 5)], [...own(1, 3605), ...beats(3600)])).not.toContain(0);
  });

  it('believes one frame that both clocks are right, and no two that they are an hour apart', () => {
    const one = own(1, 10).slice(0, 1);
    expect(twins(one, later(one, 1.5))).toEqual([0]);
    const two = own(1, 10);
    expect(twins(two, later(two, 3600))).toEqual([null, null]);
  });

  it('takes a boot that only repeats the ids of another for none of it', () => {
    const boot = (at: number, day: string) =>
      Array.from({ length: 8 }, (_, n) => [
        { at: at + n, direction: UP, text: call(String(n)) },
        { at: at + n + 0.2, direction: DOWN, text: result(String(n), { currentTime: `${day} ${n}` }) },
      ]).flat();
    expect(twins(boot(0, 'Monday'), boot(7200, 'Tuesday')).every((twin) => twin === null)).toBe(true);
    expect(twins(boot(0, 'Monday'), boot(7200, 'Monday'))).not.toContain(null);
  });

  it('keeps a response by the CALL that it answers', () => {
    const live = day.filter((_, index) => index !== 2);
    expect(twins(live, later(day, 60)).slice(0, 4)).toEqual([0, 1, null, null]);
  });

  it('looks at the direction where the recording states it, and not where it was inferred', () => {
    const turned = day.map((one) => ({ ...one, direction: one.direction === UP ? DOWN : UP }));
    expect(twins(day, turned).every((twin) => twin === null)).toBe(true);
    const inferred = turned.map((one) => ({ ...one, inferred: true as const }));
    expect(twins(day, inferred)).toEqual(day.map((_, index) => index));
  });

  it('knows responses again that crossed a CALL of the other side', () => {
    const crossing = [...day, { at: 70, direction: DOWN, text: call('x') }, ...own(9, 70.1).slice(0, 1)];
    const seen = [...crossing.slice(0, 10), { ...crossing[11]!, at: 70 }, { ...crossing[10]!, at: 70.1 }];
    expect(twins(crossing, seen).slice(10)).toEqual([11, 10]);
  });
});

describe('whatever is recorded of whatever was live', () => {
  const seconds = (min: number, max: number) => fc.double({ min, max, noNaN: true });
  const exchange = (leastWait: number) =>
    fc.record({
      wait: seconds(leastWait, 40),
      alike: fc.boolean(),
      live: fc.integer({ min: 0, max: 9 }).map((tenth) => tenth > 0),
      recorded: fc.integer({ min: 0, max: 9 }).map((tenth) => tenth > 1),
      jitter: seconds(0, 0.9),
    });
  const story = (leastWait: number) =>
    fc.tuple(
      fc.array(exchange(leastWait), { minLength: 6, maxLength: 60 }),
      fc.integer({ min: -50_000, max: 50_000 }),
    );
  type Story = ReturnType<typeof story> extends fc.Arbitrary<infer Told> ? Told : never;

  function tell([exchanges, offset]: Story) {
    let at = 100_000;
    const told = exchanges.map(({ wait, alike, live, recorded, jitter }, n) => {
      at += wait;
      return { said: alike ? heartbeat(at) : own(n, at), live, recorded, jitter, alike };
    });
    const live = told.flatMap((one) => (one.live ? one.said : []));
    const recorded: Said[] = [];
    for (const { said, recorded: isRecorded, jitter } of told) {
      if (!isRecorded) continue;
      // A recorder is late, but keeps the order.
      for (const one of later(said, offset + jitter))
        recorded.push({ ...one, at: Math.max(one.at, recorded.at(-1)?.at ?? 0) });
    }
    const common = told.filter((one) => one.live && one.recorded && !one.alike).length;
    return {
      ...sides(
        live.toSorted((a, b) => a.at - b.at),
        recorded,
      ),
      common,
    };
  }

  it('pairs equal bytes of one direction at one offset, once, in order', () => {
    let paired = 0;
    fc.assert(
      fc.property(story(0.01), (given) => {
        const { live, recording } = tell(given);
        const twins = align(recording, live);
        const byId = new Map(live.map((one, index) => [one.attributes.id, { one, index }]));
        const last = { [UP]: -1, [DOWN]: -1 };
        for (const record of recording) {
          const twin = twins.get(record.attributes.id);
          const seen = byId.get(twin?.sameAs ?? '');
          if (twin === undefined || seen === undefined) continue;
          const { one, index } = seen;
          const { direction = UP } = one.attributes;
          expect(Buffer.from(one.value).equals(record.value)).toBe(true);
          expect(direction).toBe(record.attributes.direction);
          const apart = effectiveTime(record.attributes) - effectiveTime(one.attributes) - twin.clockOffset;
          expect(Math.abs(apart)).toBeLessThanOrEqual(TOLERANCE);
          expect(index).toBeGreaterThan(last[direction]);
          last[direction] = index;
          paired++;
        }
      }),
      { numRuns: 200 },
    );
    expect(paired).toBeGreaterThan(1000);
  });

  it('finds again all that nothing else looks like, once three frames agree', () => {
    let stories = 0;
    fc.assert(
      fc.property(story(5), (given) => {
        const { live, recording, common } = tell(given);
        if (common < 3) return;
        stories++;
        const twins = align(recording, live);
        const bytes = new Set(live.map(({ value }) => Buffer.from(value).toString()));
        for (const { attributes, value } of recording) {
          const text = Buffer.from(value).toString();
          if (text.includes('own-') && bytes.has(text)) expect(twins.has(attributes.id)).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
    expect(stories).toBeGreaterThan(100);
  });
});
