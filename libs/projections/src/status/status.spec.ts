import { createFolder } from '@chargeproof/projection';
import {
  actOut,
  drive,
  factsOf,
  Scene,
  second,
  STATION,
  STATION_STREAM,
  toLog,
  trafficOf,
} from '@chargeproof/projection/testing';
import type { Direction, LoggedRecord } from '@chargeproof/record';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { status } from './status.ts';

const UP: Direction = 'station-to-csms';
const notice = (payload: unknown) => JSON.stringify([2, '1', 'StatusNotification', payload]);
const at = (connectorId: unknown, name: unknown, more: object = {}) =>
  notice({ connectorId, status: name, errorCode: 'NoError', ...more });

/** Notifications at their seconds, on one connection that opened at 1 s. */
function begin(...frames: readonly (readonly [number, string])[]) {
  const scene = new Scene();
  const run = scene.run('aaaaaa');
  const socket = run.open(second(1), STATION);
  for (const [seconds, text] of frames) run.frame(second(seconds), socket, UP, text);
  return { scene, run, socket };
}

const said = (log: readonly LoggedRecord[]) => factsOf(status, STATION_STREAM, log).map(({ fact }) => fact);

/** What holds in the end: connector, sequence of the frame, status, since and until in seconds. */
function current(log: readonly LoggedRecord[], facts = said(log)) {
  const rows = new Map(facts.map((fact) => [JSON.stringify(fact.key), fact]));
  const seconds = (time: unknown) => (time === null ? null : (Number(time) - second(0)) / 1_000_000);
  return [...rows.values()].flatMap(({ key, values }) =>
    values === null
      ? []
      : [[key.connector, values.status, seconds(values.since), seconds(values.until)] as const],
  );
}

describe('status', () => {
  it('given two notifications of a connector, then the first holds until the second, and that one holds', () => {
    const more = { info: 'i', vendorId: 'v', vendorErrorCode: 'e', timestamp: '2026-11-01T00:00:01.5Z' };
    const { scene, socket } = begin([2, at(1, 'Available', more)], [5, at(1, 'Charging')]);
    const [first, ended, second_] = said(scene.log());
    expect(first).toEqual({
      key: { connector: 1, record: `${socket.id}/1` },
      values: {
        status: 'Available',
        error_code: 'NoError',
        info: 'i',
        vendor_id: 'v',
        vendor_error_code: 'e',
        since: second(2),
        until: null,
        station_time: '2026-11-01T00:00:01.5Z',
        station_time_parsed: second(1.5),
        clock: 'plausible',
        next_record: null,
      },
      time: second(2),
    });
    expect(ended).toEqual({
      key: first?.key,
      values: { ...first?.values, until: second(5), next_record: `${socket.id}/2` },
      time: second(5),
      settled: true,
    });
    expect(second_).toMatchObject({
      key: { connector: 1, record: `${socket.id}/2` },
      values: { clock: 'absent' },
    });
  });

  it('given several connectors, then each has its own, and the station is connector 0', () => {
    const { scene } = begin(
      [2, at(0, 'Available')],
      [3, at(1, 'Preparing')],
      [4, at(2, 'Faulted')],
      [5, at(1, 'Charging')],
    );
    expect(current(scene.log())).toEqual([
      [0, 'Available', 2, null],
      [1, 'Preparing', 3, 5],
      [2, 'Faulted', 4, null],
      [1, 'Charging', 5, null],
    ]);
  });

  it('given the same status again, then it is another notification', () => {
    const { scene } = begin([2, at(1, 'Available')], [3, at(1, 'Available')]);
    expect(current(scene.log())).toHaveLength(2);
  });

  it.each([
    ['2', 2],
    [-4, -4],
    [1.0, 1],
    [2_147_483_648, -1],
    [1e21, -1],
    [1.5, -1],
    ['one', -1],
    [null, -1],
    [undefined, -1],
    [[1], -1],
  ])('given the connector %j, then it stands under %d', (connectorId, connector) => {
    const { scene } = begin([2, at(connectorId, 'Available')]);
    expect(current(scene.log())).toEqual([[connector, 'Available', 2, null]]);
  });

  it('given any status, or none, then it is kept as it was sent', () => {
    const { scene } = begin(
      [2, at(1, 'Dancing')],
      [3, at(1, 7)],
      [4, at(1, 'x'.repeat(65_536))],
      [5, notice([])],
      [6, notice({})],
    );
    const rows = current(scene.log());
    expect(rows.slice(0, 2)).toEqual([
      [1, 'Dancing', 2, 3],
      [1, '7', 3, 4],
    ]);
    expect(String(rows[2]?.[1]).length).toBeLessThan(200);
    expect(rows.slice(3)).toEqual([
      [-1, '', 5, 6],
      [-1, '', 6, null],
    ]);
  });

  it.each([
    ['1970-01-01T00:00:00Z', 'implausible', 0],
    ['2099-01-01T00:00:00Z', 'implausible', 4_070_908_800_000_000],
    ['0001-01-01T00:00:00Z', 'implausible', null],
    ['222222017-01-01T00:00:00Z', 'implausible', null],
    ['2026-11-01T00:00:00', 'no-zone', null],
    ['2026-11-01T02:00:02+02', 'plausible', second(2)],
    [7, 'unreadable', null],
  ])(
    'given the time %j, then it is %s, and the status holds since it was received',
    (timestamp, clock, parsed) => {
      const { scene } = begin([2, at(1, 'Available', { timestamp })]);
      expect(said(scene.log())[0]?.values).toMatchObject({
        station_time: String(timestamp),
        station_time_parsed: parsed,
        clock,
        since: second(2),
      });
    },
  );

  it('given a notification that comes late, then it splits the interval it falls into', () => {
    const { scene, run } = begin([2, at(1, 'Available')], [9, at(1, 'Charging')]);
    const before = scene.log().length;
    const other = run.open(second(4), STATION);
    run.frame(second(5), other, UP, at(1, 'Preparing'));
    const log = scene.log();
    const folder = createFolder([status]);
    const first = folder.forward(folder.initial(STATION_STREAM), log.slice(0, before));
    const late = folder.refold(folder.initial(STATION_STREAM), log.slice(0, before), log.slice(before));
    const facts = [...first.facts, ...late.facts].map(({ fact }) => fact);
    expect(current(log, facts).toSorted((a, b) => Number(a[2]) - Number(b[2]))).toEqual([
      [1, 'Available', 2, 5],
      [1, 'Preparing', 5, 9],
      [1, 'Charging', 9, null],
    ]);
    // The newest status was told already, and is not told again.
    expect(late.facts).toHaveLength(2);
  });

  it('given connectors without end, then what is kept of them is bounded', () => {
    const ids = Array.from({ length: 300 }, (_, index) => index);
    const { scene } = begin(...ids.map((id) => [2 + id / 100, at(id, 'Available')] as const));
    const folder = createFolder([status]);
    const { state, facts } = folder.forward(folder.initial(STATION_STREAM), scene.log());
    expect(facts).toHaveLength(300);
    expect(Object.keys(state.said['status@1'] ?? {})).toHaveLength(256);
  });

  it('given a CSMS that says StatusNotification, then nothing is so', () => {
    const { scene, run, socket } = begin();
    run.frame(second(2), socket, 'csms-to-station', at(1, 'Available'));
    expect(said(scene.log())).toEqual([]);
  });

  it('folded from its two notifications alone says the same of every interval', () => {
    const folder = createFolder([status]);
    let compared = 0;
    fc.assert(
      fc.property(trafficOf(800), (actions) => {
        // Whether a recorded frame is a live one is read off the frames around it, too.
        const log = toLog(actOut(actions)).filter(({ attributes }) => attributes.witness === 'wire');
        for (const { fact } of factsOf(status, STATION_STREAM, log)) {
          if (!fact.settled) continue;
          const proofs = new Set([fact.key.record, fact.values?.next_record]);
          const proven = drive(
            folder,
            log.filter(({ attributes: { id } }) => proofs.has(id)),
            [],
          ).current;
          expect([...proven.values()]).toContainEqual(fact.values);
          compared++;
        }
      }),
      { numRuns: 40 },
    );
    expect(compared).toBeGreaterThan(50);
  });
});
