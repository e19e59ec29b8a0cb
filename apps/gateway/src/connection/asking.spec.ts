import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { Leg } from './leg.ts';

/** A leg on a socket that only notes its pings. */
function leg({ mayPing = true, pingsUnanswered = 1 } = {}) {
  const pings: Buffer[] = [];
  const socket = Object.assign(new EventEmitter(), {
    readyState: WebSocket.OPEN,
    OPEN: WebSocket.OPEN,
    isPaused: false,
    ping: (data: Buffer) => pings.push(data),
    pong: () => undefined,
  });
  let now = 0;
  let unreachable = 0;
  const asked = new Leg({
    side: 'station',
    socket: socket as never,
    clock: { wall: () => now, monotonic: () => now },
    events: { message: () => undefined, unreachable: () => (unreachable += 1) } as never,
    mayPing,
    pingsUnanswered,
    identity: { elapsed: () => now },
    allowed: undefined,
  });
  let heard = 0;
  return {
    socket,
    pings,
    leg: asked,
    ask: () => {
      asked.ask(() => (heard += 1));
    },
    passes: (microseconds: number) => (now += microseconds),
    heard: () => heard,
    unreachable: () => unreachable,
  };
}

describe('a socket that is asked whether it is there', () => {
  it.each([
    ['pong', [Buffer.alloc(4)]],
    ['ping', [Buffer.alloc(0)]],
    ['message', [Buffer.from('[2,"1","Heartbeat",{}]'), false]],
  ])('is heard by a %s, and told of once', (event, data) => {
    const { socket, pings, ask, heard } = leg();
    ask();
    expect([pings.length, heard()]).toEqual([1, 0]);
    socket.emit(event, ...data);
    socket.emit(event, ...data);
    expect(heard()).toBe(1);
  });

  it('counts its pings as those that are sent by themselves', () => {
    const { socket, pings, leg: asked, ask, passes } = leg();
    ask();
    passes(700);
    socket.emit('pong', pings[0]);
    expect(asked.pings.take()).toEqual({ seen: 0, sent: 1, unanswered: 0, roundTrip: 700 });
    ask();
    expect(asked.pings.take()).toMatchObject({ sent: 1, unanswered: 0 });
  });

  it('gets no second ping while one is out, and that one its whole period', () => {
    const { pings, leg: asked, ask, unreachable } = leg();
    asked.probe();
    ask();
    ask();
    expect(pings).toHaveLength(1);
    // The period in which it was asked.
    asked.probe();
    expect([pings.length, unreachable()]).toEqual([1, 0]);
    asked.probe();
    expect([pings.length, unreachable()]).toEqual([1, 1]);
    expect(asked.pings.take()).toMatchObject({ sent: 1, unanswered: 1 });
  });

  it('is not asked twice where it has a ping of its period', () => {
    const { pings, leg: asked, ask } = leg({ pingsUnanswered: 3 });
    asked.probe();
    asked.probe();
    ask();
    expect(pings).toHaveLength(1);
    asked.probe();
    expect(pings).toHaveLength(2);
    expect(asked.pings.take()).toMatchObject({ sent: 2, unanswered: 1 });
  });

  it('gets none where it is not read, or none are sent: then it is waited for', () => {
    const silent = leg({ mayPing: false });
    silent.ask();
    silent.socket.emit('message', Buffer.from('[]'), false);
    expect([silent.pings.length, silent.heard()]).toEqual([0, 1]);
    const paused = leg();
    paused.socket.isPaused = true;
    paused.ask();
    expect(paused.pings).toEqual([]);
  });
});
