import type { Attributes, Direction, LoggedRecord } from '@chargeproof/record';
import { connectionId, runId } from '@chargeproof/record';
import { describe, expect, it } from 'vitest';
import { MOST_OPEN_CALLS } from './correlate.ts';
import { MOST_CONNECTIONS, initialReading } from './reading.ts';
import type { Reading } from './reading.ts';
import { read } from './read.ts';

const OPENED = 1_793_491_200_000_000;
const RUN = runId(OPENED, 'aaaaaa');
const CONNECTION = connectionId(OPENED, RUN, 0);
const UP: Direction = 'station-to-csms';
const DOWN: Direction = 'csms-to-station';

let sequence = 0;
function record(type: Attributes['type'], text: string, more: Partial<Attributes> = {}): LoggedRecord {
  const { connection = CONNECTION } = more;
  const own = { id: `${connection}/${sequence}`, connection, sequence, monotonic: sequence * 1000 };
  sequence++;
  return {
    key: 'default/CP-1',
    attributes: {
      source: RUN,
      type,
      tenant: 'default',
      subject: 'CP-1',
      time: OPENED,
      witness: 'wire',
      ...own,
      ...more,
    },
    value: new TextEncoder().encode(text),
    position: { generation: 0, partition: 0, offset: sequence },
    loggedAt: OPENED,
  };
}
const frame = (direction: Direction, message: unknown, more: Partial<Attributes> = {}) =>
  record('ocpp.frame.v1', typeof message === 'string' ? message : JSON.stringify(message), {
    direction,
    opcode: 'text',
    ...more,
  });

/** Reads these in turn; gives for each response the id of the CALL's record, null for an orphan. */
function readAll(records: readonly LoggedRecord[], from: Reading = initialReading()) {
  let state = from;
  const calls = records.map((one) => {
    const step = read(state, one);
    state = step.state;
    return 'call' in step.observation ? (step.observation.call?.recordId ?? null) : undefined;
  });
  return { state, calls };
}

describe('read', () => {
  it('gives effective time: opening time plus the connection’s own clock', () => {
    const { observation } = read(initialReading(), frame(UP, [2, '1', 'Heartbeat', {}], { monotonic: 77 }));
    expect(observation.time).toBe(OPENED + 77);
  });

  it('does not change the state it is given', () => {
    const call = frame(UP, [2, '1', 'Heartbeat', {}]);
    const before = read(initialReading(), call).state;
    const copy = structuredClone(before);
    read(before, frame(DOWN, [3, '1', {}]));
    read(before, record('ocpp.connection-closed.v1', '{"code":1000,"reason":"","by":"station"}'));
    expect(before).toEqual(copy);
  });

  it('keeps a state that is plain JSON', () => {
    const call = frame(UP, [2, '1', 'Heartbeat', {}]);
    const written = JSON.parse(JSON.stringify(read(initialReading(), call).state)) as Reading;
    expect(readAll([frame(DOWN, [3, '1', {}])], written).calls).toEqual([call.attributes.id]);
  });

  it('answers the most recent CALL of an id first, then the one before it', () => {
    const [a, b] = [frame(UP, [2, '1', 'A', {}]), frame(UP, [2, '1', 'B', {}])];
    const { calls } = readAll([
      a,
      b,
      frame(DOWN, [3, '1', {}]),
      frame(DOWN, [4, '1', 'X', '', {}]),
      frame(DOWN, [3, '1', {}]),
    ]);
    expect(calls).toEqual([undefined, undefined, b.attributes.id, a.attributes.id, null]);
  });

  it('pairs within one connection only', () => {
    const other = connectionId(OPENED + 1, RUN, 1);
    const { calls } = readAll([
      frame(UP, [2, '1', 'A', {}]),
      frame(DOWN, [3, '1', {}], { connection: other }),
    ]);
    expect(calls).toEqual([undefined, null]);
  });

  it('forgets a connection at its close, and with the run that held it', () => {
    const call = frame(UP, [2, '1', 'A', {}]);
    const closed = record('ocpp.connection-closed.v1', '{"code":1000,"reason":"","by":"station"}');
    expect(readAll([call, closed, frame(DOWN, [3, '1', {}])]).calls).toEqual([undefined, undefined, null]);
    const { state } = readAll([call]);
    const stopped = record('recorder.run-stopped.v1', '{"run":"x","reason":"","monotonic":1}');
    expect(read(state, stopped, { time: OPENED, connection: CONNECTION }).state.connections).toEqual({});
  });

  it.each([
    [
      'a faulty CALL that can be answered',
      [2, 'f', 'Heartbeat'],
      [4, 'f', 'FormationViolation', '', {}],
      true,
    ],
    ['a CALL whose id is a number', [2, 5, 'Heartbeat', {}], [3, 5, {}], true],
    ['a SEND, which nothing answers', [6, '1', 'NotifyPeriodicEventStream', {}], [3, '1', {}], false],
    ['a CALL without an id', [2], [3, {}], false],
  ])('reads %s', (_what, asked, answered, pairs) => {
    const call = frame(UP, asked);
    expect(readAll([call, frame(DOWN, answered)]).calls[1]).toBe(pairs ? call.attributes.id : null);
  });

  it('takes a CALLRESULTERROR for no answer to a CALL', () => {
    const call = frame(UP, [2, '1', 'A', {}]);
    const { calls } = readAll([call, frame(UP, [5, '1', 'X', '', {}]), frame(DOWN, [3, '1', {}])]);
    expect(calls).toEqual([undefined, undefined, call.attributes.id]);
  });

  it('never throws for a frame', () => {
    for (const text of [
      '',
      'null',
      '[',
      '[2]',
      '[3]',
      '{"a":1}',
      '\u0000',
      '[2,"1","A",{}',
      '[4,"1"]',
      '[9,"1"]',
    ]) {
      expect(() => read(initialReading(), frame(UP, text))).not.toThrow();
    }
    expect(() => read(initialReading(), record('ocpp.tick' as never, '{'))).toThrow(SyntaxError);
  });

  it('remembers a bounded number of CALLs and connections, and of a long id only so much', () => {
    const long = 'x'.repeat(1_000_000);
    const first = frame(UP, [2, long, 'A', {}]);
    const answered = readAll([first, frame(DOWN, [3, long, {}])]);
    expect(answered.calls[1]).toBe(first.attributes.id);
    const many = Array.from({ length: MOST_OPEN_CALLS + 1 }, (_, id) =>
      frame(UP, [2, String(id), 'x'.repeat(5000), {}]),
    );
    const { state, calls } = readAll([...many, frame(DOWN, [3, '0', {}]), frame(DOWN, [3, '1', {}])]);
    expect(calls.slice(-2)).toEqual([null, many[1]?.attributes.id]);
    expect(JSON.stringify(state).length).toBeLessThan(MOST_OPEN_CALLS * 500);
    const sockets = Array.from({ length: MOST_CONNECTIONS + 5 }, (_, n) =>
      frame(UP, [2, '1', 'A', {}], { connection: connectionId(OPENED + n, RUN, n) }),
    );
    const kept = Object.keys(readAll(sockets).state.connections);
    expect(kept).toHaveLength(MOST_CONNECTIONS);
    expect(kept).not.toContain(sockets[0]?.attributes.connection);
  });
});

describe('read, of recordings', () => {
  const imported = (recording: string, direction: Direction, message: unknown) =>
    frame(direction, message, { witness: 'import', connection: recording });
  const idOf = (one: LoggedRecord | undefined) => one?.attributes.id;

  it('pairs a CALL of one recording with its answer in the next, whatever ends in between', () => {
    const call = imported('a', UP, [2, '1', 'Heartbeat', {}]);
    const end = record('recording.ended.v1', '{"frames":1}', { witness: 'import', connection: 'a' });
    expect(readAll([call, end, imported('b', DOWN, [3, '1', {}])]).calls).toEqual([
      undefined,
      undefined,
      idOf(call),
    ]);
  });

  it('keeps what was recorded apart from what is live', () => {
    const [live, recorded] = [
      frame(UP, [2, '1', 'Heartbeat', {}]),
      imported('a', UP, [2, '1', 'Heartbeat', {}]),
    ];
    const answers = [imported('a', DOWN, [3, '1', {}]), frame(DOWN, [3, '1', {}])];
    expect(readAll([recorded, live, ...answers]).calls.slice(2)).toEqual([idOf(recorded), idOf(live)]);
  });

  /** A live CALL, seen again in a recording; then what else the recording has. */
  function twins(...rest: readonly LoggedRecord[]) {
    const live = frame(UP, [2, '1', 'Heartbeat', {}]);
    const { state } = readAll([live]);
    const twin = { sameAs: live.attributes.id, clockOffset: 5 };
    const seen = read(state, imported('a', UP, [2, '1', 'Heartbeat', {}]), { time: OPENED, twin });
    return { live, seen, ...readAll(rest, seen.state) };
  }

  it('says of the twin of a live frame which one it is, and reads it no second time', () => {
    const { live, seen } = twins();
    expect(seen.observation).toMatchObject({ kind: 'same-as', sameAs: live.attributes.id, clockOffset: 5 });
  });

  it('answers a live CALL by a response that only the recording has, once', () => {
    const [recorded, again] = [imported('a', DOWN, [3, '1', {}]), frame(DOWN, [3, '1', {}])];
    const { live, calls } = twins(recorded, again);
    expect(calls).toEqual([live.attributes.id, null]);
    const { state } = twins();
    const { observation } = read(state, recorded);
    expect(observation).toMatchObject({ call: { connection: CONNECTION } });
  });

  it('answers no live CALL that the gateway saw answered, or whose connection is over', () => {
    const recorded = () => imported('a', DOWN, [3, '1', { other: 'bytes' }]);
    expect(twins(frame(DOWN, [3, '1', {}]), recorded()).calls.at(-1)).toBeNull();
    const closed = record('ocpp.connection-closed.v1', '{"code":1000,"reason":"","by":"station"}');
    expect(twins(closed, recorded()).calls.at(-1)).toBeNull();
  });
});
