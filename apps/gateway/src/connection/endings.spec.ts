import { describe, expect, it } from 'vitest';
import { RecorderUnderTest } from '../testing/recorder-under-test.ts';
import { until } from '../testing/until.ts';
import { startUpstream, station, type End } from '../testing/wire.ts';

type Raw = { _socket: { write(data: Buffer): void; pause(): void; resume(): void } };
const raw = ({ socket }: End) => (socket as unknown as Raw)._socket;
/** A whole control or data frame; a station's is masked, with zeros. */
function frame(from: 'station' | 'csms', opcode: number, payload: Buffer, isLast = true): Buffer {
  const mask = from === 'station' ? 0x80 : 0;
  const length =
    payload.length < 126 ? [mask | payload.length] : [mask | 126, payload.length >> 8, payload.length & 0xff];
  return Buffer.concat([
    Buffer.from([(isLast ? 0x80 : 0) | opcode, ...length]),
    Buffer.alloc(mask === 0 ? 0 : 4),
    payload,
  ]);
}
const CLOSE = 0x8;
const PING = 0x9;

async function pair(recorder: RecorderUnderTest) {
  const charger = await station(recorder.url('/ocpp/CP-1'));
  return { charger, csms: await recorder.upstream.next() };
}

describe.each(['station', 'csms'] as const)('a close of the %s', (from) => {
  const ends = async (recorder: RecorderUnderTest) => {
    const { charger, csms } = await pair(recorder);
    return from === 'station' ? { near: charger, far: csms } : { near: csms, far: charger };
  };
  it.each([1000, 1001, 1002, 1003, 1007, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999])(
    'with %d goes to the other side with its reason, to the byte',
    async (code) => {
      await using recorder = await RecorderUnderTest.start();
      const { near, far } = await ends(recorder);
      const reason = 'ä'.repeat(61) + 'x';
      expect(Buffer.byteLength(reason)).toBe(123);
      near.socket.close(code, reason);
      expect(await far.closed).toEqual({ code, reason });
      expect(await near.closed).toMatchObject({ code });
      expect(await recorder.payloads('ocpp.connection-closed.v1')).toEqual([{ code, reason, by: from }]);
    },
  );

  it.each([0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535])(
    'with %d, which may not stand in a frame, is told as one: 1002 to its sender, a record, 1001 to the other',
    async (code) => {
      await using recorder = await RecorderUnderTest.start();
      const { near, far } = await ends(recorder);
      raw(near).write(frame(from, CLOSE, Buffer.from([code >> 8, code & 0xff])));
      expect(await far.closed).toMatchObject({ code: 1001 });
      expect(await near.closed).toMatchObject({ code: 1002 });
      const direction = from === 'station' ? 'station-to-csms' : 'csms-to-station';
      expect(await recorder.payloads('ocpp.gap.v1')).toEqual([
        { missing: 'frames', count: null, reason: 'invalid-close-code', direction },
      ]);
      expect(await recorder.payloads('ocpp.connection-closed.v1')).toEqual([
        { code: 1002, reason: 'invalid-close-code', by: 'gateway' },
      ]);
    },
  );

  it('whose reason is no UTF-8 keeps its bytes', async () => {
    await using recorder = await RecorderUnderTest.start();
    const { near, far } = await ends(recorder);
    const reason = new Promise((resolve) => {
      far.socket.once('close', (_, bytes) => {
        resolve(bytes.toString('hex'));
      });
    });
    raw(near).write(frame(from, CLOSE, Buffer.from([0x0f, 0xa0, 0xff, 0xc3])));
    expect(await reason).toBe('ffc3');
    expect(await recorder.payloads('ocpp.connection-closed.v1')).toMatchObject([{ code: 4000, by: from }]);
  });
});

describe('a socket that is half open', () => {
  it('is found after as many pings as the setting says', async () => {
    await using recorder = await RecorderUnderTest.start({ pingSeconds: 0.03, pingsUnanswered: 4 });
    const charger = await station(recorder.url('/ocpp/CP-1'), ['ocpp1.6'], { autoPong: false });
    let pings = 0;
    charger.socket.on('ping', () => (pings += 1));
    expect(await charger.closed).toMatchObject({ code: 1006 });
    expect(pings).toBe(4);
    expect(await recorder.payloads('ocpp.connection-closed.v1')).toEqual([
      { code: 1006, reason: 'no pong from the station', by: 'gateway' },
    ]);
  });

  it('is found on the leg to the CSMS too, and the station comes again', async () => {
    const upstream = await startUpstream({ autoPong: false });
    await using recorder = await RecorderUnderTest.start({ pingSeconds: 0.03 }, { upstream });
    const charger = await station(recorder.url('/ocpp/CP-1'));
    expect(await charger.closed).toMatchObject({ code: 1001 });
    expect(await recorder.payloads('ocpp.connection-closed.v1')).toEqual([
      { code: 1006, reason: 'no pong from the csms', by: 'gateway' },
    ]);
  });

  it('tells what was on its way to it, and not passed on', async () => {
    await using recorder = await RecorderUnderTest.start({ pingSeconds: 0.05 });
    const { charger, csms } = await pair(recorder);
    raw(charger).pause();
    for (let index = 0; index < 300; index += 1) csms.send(Buffer.alloc(64 * 1024, 'x'));
    expect(await csms.closed).toMatchObject({ code: 1001 });
    await until(async () => (await recorder.ofType('ocpp.relay-failed.v1')).length > 0);
    const failed = (await recorder.payloads('ocpp.relay-failed.v1')).flatMap(
      ({ sequences = [] }) => sequences,
    );
    const frames = await recorder.ofType('ocpp.frame.v1');
    expect(failed.length).toBeGreaterThan(0);
    // All are named that the socket still had, up to the last there is.
    expect(Math.max(...failed)).toBe(Math.max(...frames.map(({ attributes }) => attributes.sequence ?? 0)));
    raw(charger).resume();
  });
});

describe('what no peer should send', () => {
  it.each([
    ['a ping of 126 bytes', frame('station', PING, Buffer.alloc(126)), 'not-websocket', 1002],
    ['a ping in fragments', frame('station', PING, Buffer.alloc(1), false), 'not-websocket', 1002],
    ['a frame without a mask', frame('csms', 0x1, Buffer.from('x')), 'not-websocket', 1002],
    [
      'a message of 20,000 fragments',
      Buffer.concat([
        frame('station', 0x1, Buffer.from('['), false),
        ...Array.from({ length: 20_000 }, () => frame('station', 0x0, Buffer.from(' '), false)),
      ]),
      'too-many-fragments',
      1008,
    ],
  ])('%s is a record, and its end', async (_, bytes, reason, code) => {
    await using recorder = await RecorderUnderTest.start();
    const { charger, csms } = await pair(recorder);
    raw(charger).write(bytes);
    expect(await charger.closed).toMatchObject({ code });
    expect(await csms.closed).toMatchObject({ code: 1001 });
    expect(await recorder.payloads('ocpp.gap.v1')).toMatchObject([{ missing: 'frames', reason }]);
    expect(await recorder.payloads('ocpp.connection-closed.v1')).toEqual([{ code, reason, by: 'gateway' }]);
  });

  it('pings without end, and none of the pongs read: nothing piles up, and its frames go on', async () => {
    await using recorder = await RecorderUnderTest.start();
    const { charger, csms } = await pair(recorder);
    raw(charger).pause();
    const before = process.memoryUsage().rss;
    const pings = Buffer.concat(
      Array.from({ length: 1000 }, () => frame('station', PING, Buffer.alloc(100, 'p'))),
    );
    for (let index = 0; index < 200; index += 1) raw(charger).write(pings);
    charger.send('[2,"1","Heartbeat",{}]');
    await until(() => csms.texts.length === 1);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
    raw(charger).resume();
    const last = await new Promise((resolve) => {
      charger.socket.on('pong', (data: Buffer) => {
        if (data.toString() === 'last') resolve('last');
      });
      charger.socket.ping('last');
    });
    expect(last).toBe('last');
  });
});
