import { factsOf, Scene, second, STATION, STATION_STREAM } from '@chargeproof/projection/testing';
import type { Direction } from '@chargeproof/record';
import { describe, expect, it } from 'vitest';
import { findings } from './findings.ts';

const UP: Direction = 'station-to-csms';
const DOWN: Direction = 'csms-to-station';
type Line = readonly [seconds: number, direction: Direction, frame: unknown];

const boot = { chargePointVendor: 'V', chargePointModel: 'M' };
const accepted = { status: 'Accepted', currentTime: '2026-11-01T00:00:00Z', interval: 300 };
const now = { currentTime: '2026-11-01T00:00:00Z' };

/** What is found in the frames of one connection: `rule sequence`, retracted ones with a minus. */
function foundIn(lines: readonly Line[], after: { readonly closed?: number; readonly tick?: number } = {}) {
  const scene = new Scene();
  const run = scene.run('aaaaaa');
  const socket = run.open(second(1), STATION);
  for (const [at, direction, frame] of lines) {
    run.frame(second(at), socket, direction, typeof frame === 'string' ? frame : JSON.stringify(frame));
  }
  if (after.tick !== undefined) run.tick(second(after.tick), 60, false);
  if (after.closed !== undefined) {
    run.close(second(after.closed), socket, { code: 1000, reason: '', by: 'station' });
  }
  return factsOf(findings, STATION_STREAM, scene.log()).map(
    ({ fact }) =>
      `${fact.values === null ? '-' : ''}${String(fact.key.rule)} ${String(fact.key.record).split('/')[1] ?? ''}`,
  );
}

describe('findings', () => {
  it('has none where all went right', () => {
    expect(
      foundIn([
        [2, UP, [2, '1', 'BootNotification', boot]],
        [3, DOWN, [3, '1', accepted]],
        [4, UP, [2, '2', 'Heartbeat', {}]],
        [5, DOWN, [3, '2', now]],
      ]),
    ).toEqual([]);
  });

  it('finds what a handshake and its certificate break, until the connection is over', () => {
    const scene = new Scene();
    const run = scene.run('aaaaaa');
    const shaken = {
      leg: 'station',
      rawPath: '/ocpp/x',
      headerNames: [],
      offeredSubprotocols: ['ocpp16'],
    } as const;
    const tls = { version: 'TLSv1.2', cipher: 'AES128-GCM-SHA256', certificateSubject: 'CN=another' };
    const serial = { ...boot, chargePointSerialNumber: 'SN-1' };
    const socket = run.socket(second(1), STATION);
    run.note(second(1), socket, 'ocpp.handshake-accepted.v1', { ...shaken, tls, runMonotonic: 1 });
    run.frame(second(2), socket, UP, JSON.stringify([2, '1', 'BootNotification', serial]));
    run.frame(second(3), socket, DOWN, JSON.stringify([3, '1', accepted]));
    const bare = run.open(second(9), STATION);
    run.frame(second(10), bare, UP, JSON.stringify([2, '2', 'BootNotification', serial]));
    run.frame(second(11), bare, DOWN, JSON.stringify([3, '2', accepted]));
    const found = factsOf(findings, STATION_STREAM, scene.log());
    expect(found.map(({ fact }) => [fact.key.rule, fact.values?.subject, fact.values?.category])).toEqual([
      ['conn-subprotocol-unknown', 'station', 'connection'],
      ['conn-client-cert-cn', 'station', 'connection'],
    ]);
  });

  it('finds what is no message, and goes on', () => {
    expect(
      foundIn([
        [2, UP, '[2,"1","Heartb'],
        [3, UP, [2, '2', 'Heartbeat', {}]],
        [4, DOWN, [3, '2', now]],
      ]),
    ).toEqual(['rpc-invalid-json 1']);
  });

  it('finds a message that is sent again and again, until it is taken', () => {
    const start = { connectorId: 1, idTag: 'A', meterStart: 0, timestamp: '2026-11-01T00:00:00Z' };
    const sent = (at: number, answer: (id: string) => unknown, more = {}): readonly Line[] => [
      [at, UP, [2, `i${at}`, 'StartTransaction', { ...start, ...more }]],
      [at, DOWN, answer(`i${at}`)],
    ];
    const refused = (id: string) => [4, id, 'InternalError', 'no', {}];
    const taken = (id: string) => [3, id, { transactionId: 1, idTagInfo: { status: 'Accepted' } }];
    const found = foundIn([
      ...[2, 12, 22, 32].flatMap((at) => sent(at, refused)),
      ...sent(42, taken),
      ...[52, 62, 72].flatMap((at) => sent(at, refused)),
      ...[82, 92, 102].flatMap((at) => sent(at, refused, { meterStart: 1 })),
    ]);
    expect(found).toEqual(['rpc-retry-loop 7', 'rpc-retry-loop 9']);
  });

  it('finds a CALL and an answer that break their schema, the answer by the action of its CALL', () => {
    expect(
      foundIn([
        [2, UP, [2, '1', 'BootNotification', { chargePointVendor: 'V' }]],
        [3, DOWN, [3, '1', { ...accepted, status: 'Fine' }]],
      ]),
    ).toEqual(['schema-missing-field 1', 'schema-enum 2']);
  });

  it('finds a CALL that stays without an answer, and takes it back when one comes late', () => {
    const call: Line = [2, UP, [2, '1', 'Heartbeat', {}]];
    expect(foundIn([call], { tick: 40 })).toEqual(['rpc-unanswered 1']);
    expect(foundIn([call, [50, DOWN, [3, '1', now]]])).toEqual(['-rpc-unanswered 1', 'rpc-late-response 1']);
    expect(foundIn([call], { closed: 5 })).toEqual(['rpc-interrupted 1']);
  });

  it('wants no answer to a CALL that is malformed, and takes one that comes', () => {
    const cut: Line = [2, UP, '[2,"1","Heartbeat",{'];
    expect(foundIn([cut], { tick: 40 })).toEqual(['rpc-invalid-json 1']);
    expect(foundIn([cut, [3, DOWN, [4, '1', 'FormationViolation', '', {}]]])).toEqual(['rpc-invalid-json 1']);
  });

  it('finds an answer to nothing', () => {
    expect(foundIn([[2, DOWN, [3, '1', {}]]])).toEqual(['rpc-response-unmatched 1']);
  });

  it('finds a CALL while another of that side is open; crossing CALLs are normal', () => {
    expect(
      foundIn([
        [2, UP, [2, '1', 'Heartbeat', {}]],
        [3, DOWN, [2, 'a', 'ClearCache', {}]],
        [4, UP, [2, '2', 'Heartbeat', {}]],
        [5, UP, [3, 'a', { status: 'Accepted' }]],
        [6, DOWN, [3, '1', now]],
        [7, DOWN, [3, '2', now]],
      ]),
    ).toEqual(['rpc-concurrent-call 3']);
  });

  it('finds CALLs before acceptance, and knows what was triggered', () => {
    const status = { connectorId: 0, errorCode: 'NoError', status: 'Available' };
    expect(
      foundIn([
        [2, UP, [2, '1', 'BootNotification', boot]],
        [3, UP, [2, '2', 'Heartbeat', {}]],
        [4, DOWN, [3, '1', { ...accepted, status: 'Pending' }]],
        [5, DOWN, [3, '2', now]],
        [6, UP, [2, '3', 'Heartbeat', {}]],
        [7, DOWN, [3, '3', now]],
        [8, DOWN, [2, 'a', 'TriggerMessage', { requestedMessage: 'StatusNotification' }]],
        [9, UP, [3, 'a', { status: 'Accepted' }]],
        [10, UP, [2, '4', 'StatusNotification', status]],
        [11, DOWN, [3, '4', {}]],
        [12, DOWN, [2, 'b', 'RemoteStartTransaction', { idTag: 'A' }]],
        [13, UP, [3, 'b', { status: 'Rejected' }]],
      ]),
    ).toEqual([
      'rpc-concurrent-call 2',
      'boot-call-before-accepted 2',
      'boot-call-while-pending 5',
      'boot-remote-tx-in-pending 11',
    ]);
  });

  it('finds CALLs of a rejected station until its interval is over', () => {
    expect(
      foundIn([
        [2, UP, [2, '1', 'BootNotification', boot]],
        [3, DOWN, [3, '1', { ...accepted, status: 'Rejected', interval: 60 }]],
        [30, UP, [2, '2', 'BootNotification', boot]],
        [31, DOWN, [3, '2', { ...accepted, status: 'Rejected', interval: 60 }]],
        [95, UP, [2, '3', 'BootNotification', boot]],
        [96, DOWN, [3, '3', accepted]],
      ]),
    ).toEqual(['boot-call-while-rejected 3']);
  });
});
