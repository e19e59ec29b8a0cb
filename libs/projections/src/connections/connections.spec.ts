import { createFolder } from '@chargeproof/projection';
import { factsOf, Scene, second, STATION, STATION_STREAM } from '@chargeproof/projection/testing';
import type { LoggedRecord } from '@chargeproof/record';
import type { Row } from '@chargeproof/tables';
import { describe, expect, it } from 'vitest';
import { connections } from './connections.ts';

const HEARTBEAT = '[2,"1","Heartbeat",{}]';
const DONE = { code: 1000, reason: 'done', by: 'station' } as const;

const told = (log: readonly LoggedRecord[]) =>
  factsOf(connections, STATION_STREAM, log).map(({ fact }): Row => ({
    ...fact.key,
    ...fact.values,
    time: fact.time,
  }));

describe('connections', () => {
  it('given an upgrade, frames and a close, then it opened, counted and ended as the wire said', () => {
    const scene = new Scene();
    const run = scene.run('aaaaaa');
    const socket = run.open(second(1), STATION);
    run.frame(second(2), socket, 'station-to-csms', HEARTBEAT);
    run.frame(second(3), socket, 'csms-to-station', '[3,"1",{}]');
    run.frame(second(4), socket, 'station-to-csms', HEARTBEAT);
    run.note(second(5), socket, 'ocpp.gap.v1', { missing: 'frames', count: 1, reason: 'spool full' });
    run.note(second(5), socket, 'ocpp.relay-failed.v1', { leg: 'upstream', reason: 'closed' });
    run.close(second(6), socket, DONE);
    const [open, closed, ...more] = told(scene.log());
    expect(more).toEqual([]);
    expect(open).toMatchObject({
      connection: socket.id,
      state: 'open',
      opened: second(1),
      subprotocol: 'ocpp1.6',
      run: run.id,
      previous: null,
      frames_from_station: null,
      opened_record: `${socket.id}/0`,
      ended_record: null,
    });
    expect(closed).toMatchObject({
      state: 'closed',
      closed: second(6),
      code: 1000,
      why: 'done',
      by: 'station',
      frames_from_station: 2,
      frames_to_station: 1,
      gaps: 1,
      relay_failures: 1,
      last_heard: second(6),
      ended_record: `${socket.id}/6`,
    });
  });

  it('given a reconnect to another gateway, then it is chained to the one before, which its run does not know', () => {
    const scene = new Scene();
    const first = scene.run('aaaaaa').open(second(1), STATION);
    const other = scene.run('bbbbbb');
    const second_ = other.open(second(10), STATION);
    const third = other.open(second(20), STATION);
    expect(told(scene.log()).map(({ previous, previous_of_run }) => [previous, previous_of_run])).toEqual([
      [null, null],
      [first.id, null],
      [second_.id, second_.id],
    ]);
    expect(third.id > second_.id).toBe(true);
  });

  it('given a spool that drains late, then the chain is told anew', () => {
    const scene = new Scene();
    const run = scene.run('aaaaaa');
    const [a, b] = [run.open(second(1), STATION), run.open(second(10), STATION)];
    const c = scene.run('bbbbbb').open(second(20), STATION);
    const [ofA, ofB, ofC] = scene.log();
    const folder = createFolder([connections]);
    const { state } = folder.forward(folder.initial(STATION_STREAM), [ofA!, ofC!]);
    expect(folder.isLate(state, [ofB!])).toBe(true);
    const { facts } = folder.refold(folder.initial(STATION_STREAM), [ofA!, ofC!], [ofB!]);
    expect(facts.map(({ fact }) => [fact.key.connection, fact.values?.previous])).toEqual([
      [b.id, a.id],
      [c.id, b.id],
    ]);
  });

  it('given ticks that go on without a frame, then it is silent since its last one, until it speaks', () => {
    const scene = new Scene();
    const run = scene.run('aaaaaa');
    const socket = run.open(second(1), STATION);
    run.frame(second(2), socket, 'station-to-csms', HEARTBEAT);
    for (const at of [600, 901, 902, 1000]) run.tick(second(at), 60);
    run.frame(second(1100), socket, 'station-to-csms', HEARTBEAT);
    expect(told(scene.log()).map(({ silent_since, time }) => [silent_since, time])).toEqual([
      [null, second(1)],
      [second(2), second(902)],
      [null, second(1100)],
    ]);
  });

  it('given an hour without frames and without ticks, then nobody says that it was silent', () => {
    const scene = new Scene();
    const run = scene.run('aaaaaa');
    const socket = run.open(second(1), STATION);
    run.frame(second(3601), socket, 'station-to-csms', HEARTBEAT);
    scene.run('bbbbbb').tick(second(3700), 60);
    expect(told(scene.log())).toHaveLength(1);
  });

  it.each([
    [false, 'run-died'],
    [true, 'run-ended'],
  ])('given a next run that names its own (ended cleanly: %s), then it is lost', (endedCleanly, why) => {
    const scene = new Scene();
    const run = scene.run('aaaaaa');
    const socket = run.open(second(1), STATION);
    run.frame(second(2), socket, 'station-to-csms', HEARTBEAT);
    run.tick(second(60), 60);
    scene.run('bbbbbb', second(500)).start(60, { run: run.id, endedCleanly });
    expect(told(scene.log()).at(-1)).toMatchObject({
      state: 'lost',
      closed: null,
      why,
      last_heard: second(60),
      frames_from_station: 1,
      time: second(500),
    });
  });

  it('given a run that stops with the connection open, then it is lost with it', () => {
    const scene = new Scene();
    const run = scene.run('aaaaaa');
    run.open(second(1), STATION);
    run.stop(second(9));
    expect(told(scene.log()).at(-1)).toMatchObject({ state: 'lost', why: 'run-stopped', time: second(9) });
  });

  it('given a refusal, then it is refused, with the status and the reason', () => {
    const scene = new Scene();
    scene.run('aaaaaa').refuse(second(1), STATION);
    expect(told(scene.log())).toMatchObject([
      { state: 'refused', refusals: 1, code: 404, why: 'unknown-tenant', by: 'gateway' },
    ]);
  });

  const shake = (leg: 'station' | 'upstream') => ({
    leg,
    rawPath: '/ocpp/CP-1',
    headerNames: [],
    offeredSubprotocols: ['ocpp1.6'],
    runMonotonic: 1_000_000,
  });

  it('given an upstream that accepts before or after the station’s own upgrade, then it is told', () => {
    const scene = new Scene();
    const run = scene.run('aaaaaa');
    const before = run.socket(second(1), STATION);
    run.note(second(1.1), before, 'ocpp.handshake-accepted.v1', shake('upstream'));
    run.note(second(1.2), before, 'ocpp.handshake-accepted.v1', shake('station'));
    const after = run.socket(second(2), STATION);
    run.note(second(2.1), after, 'ocpp.handshake-accepted.v1', shake('station'));
    run.note(second(2.2), after, 'ocpp.handshake-accepted.v1', shake('upstream'));
    expect(told(scene.log()).map(({ connection, upstream, time }) => [connection, upstream, time])).toEqual([
      [before.id, 'accepted', second(1.2)],
      [after.id, 'none', second(2.1)],
      [after.id, 'accepted', second(2.2)],
    ]);
  });

  it('given an upstream that refuses and a station that is refused for it, then one refusal is told', () => {
    const scene = new Scene();
    const run = scene.run('aaaaaa');
    const socket = run.socket(second(1), STATION);
    const [cause, refusal] = [
      { status: 401, reason: 'status' },
      { status: 502, reason: 'upstream-refused', count: 7 },
    ];
    run.note(second(1.1), socket, 'ocpp.handshake-refused.v1', { ...shake('upstream'), ...cause });
    run.note(second(1.2), socket, 'ocpp.handshake-refused.v1', { ...shake('station'), ...refusal });
    expect(told(scene.log())).toMatchObject([
      { state: 'refused', upstream: 'refused', code: 502, why: 'upstream-refused', refusals: 7 },
    ]);
  });

  it('given frames without a handshake, then it counts as open, without the proof', () => {
    const scene = new Scene();
    const run = scene.run('aaaaaa');
    const socket = run.open(second(1), STATION);
    run.frame(second(2), socket, 'station-to-csms', HEARTBEAT);
    const without = scene.log().slice(1);
    expect(told(without)).toMatchObject([{ state: 'open', opened: second(1), opened_record: null }]);
  });

  it('given a frame after the close, then it stays closed', () => {
    const scene = new Scene();
    const run = scene.run('aaaaaa');
    const socket = run.open(second(1), STATION);
    run.close(second(2), socket, DONE);
    run.frame(second(3), socket, 'station-to-csms', HEARTBEAT);
    expect(told(scene.log()).map(({ state }) => state)).toEqual(['open', 'closed']);
  });
});
