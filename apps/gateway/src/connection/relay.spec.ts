import { createHash } from 'node:crypto';
import { connect as tcp } from 'node:net';
import type { LoggedRecord } from '@chargeproof/record';
import { describe, expect, it, vi } from 'vitest';
import { until } from '../testing/until.ts';
import { RecorderUnderTest } from '../testing/recorder-under-test.ts';
import { withAppend } from '../testing/wrapped-log.ts';
import { seen, startUpstream, station, type End } from '../testing/wire.ts';

const MiB = 1024 * 1024;
const inDirection = (records: readonly LoggedRecord[], direction: string) =>
  records
    .filter(({ attributes }) => attributes.direction === direction)
    .map(({ attributes, value }) => seen(value, attributes.opcode === 'binary'));

async function pair(recorder: RecorderUnderTest, name = 'CP-1'): Promise<{ charger: End; csms: End }> {
  const charger = await station(recorder.url(`/ocpp/${name}`));
  return { charger, csms: await recorder.upstream.next() };
}

describe('relayed frames', () => {
  it('are the same on both sides and in the log, in order, whatever they hold', async () => {
    await using recorder = await RecorderUnderTest.start();
    const { charger, csms } = await pair(recorder);
    const frames: [Buffer, boolean][] = [
      [Buffer.from('[2,"1","Heartbeat",{}]'), false],
      [Buffer.from('not json'), false],
      [Buffer.from('[2,"1","Boot'), false],
      [Buffer.alloc(0), false],
      [Buffer.from([0xff, 0xfe, 0x00, 0xc3, 0x28]), false],
      [Buffer.from('[2,"1","X",{"a":"\u0000","a":1}]'), false],
      [Buffer.from([1, 2, 3]), true],
      [Buffer.alloc(0), true],
      [Buffer.alloc(MiB, 'x'), false],
      [Buffer.alloc(4 * MiB, 'y'), true],
    ];
    for (const [data, binary] of frames) {
      charger.send(data, binary);
      csms.send(data, binary);
    }
    await until(() => csms.got.length + charger.got.length === 2 * frames.length);
    expect(csms.got).toEqual(charger.sent);
    expect(charger.got).toEqual(csms.sent);
    const records = await recorder.ofType('ocpp.frame.v1');
    expect(inDirection(records, 'station-to-csms')).toEqual(charger.sent);
    expect(inDirection(records, 'csms-to-station')).toEqual(csms.sent);
    expect(records.map(({ attributes }) => attributes.sequence)).toEqual(
      records.map((_, index) => index + 2),
    );
  });

  it('leave only when they are durable', async () => {
    const gate = Promise.withResolvers<undefined>();
    let held = false;
    await using recorder = await RecorderUnderTest.start(
      {},
      {
        wrap: (bare) =>
          withAppend(bare, async (topic, records) => {
            if (records.some(({ attributes }) => attributes.type === 'ocpp.frame.v1')) {
              held = true;
              await gate.promise;
            }
            return bare.append(topic, records);
          }),
      },
    );
    const { charger, csms } = await pair(recorder);
    charger.send('[2,"1","Heartbeat",{}]');
    await until(() => held);
    // A ping's round trip later the frame would long be there.
    await new Promise((resolve) => {
      csms.socket.once('pong', resolve).ping();
    });
    expect(csms.got).toEqual([]);
    gate.resolve(undefined);
    await until(() => csms.got.length === 1);
  });

  it('keep their order when thousands are on their way both ways', async () => {
    await using recorder = await RecorderUnderTest.start({ maxBufferedBytes: 65_536 });
    const { charger, csms } = await pair(recorder);
    for (let index = 0; index < 3000; index += 1) {
      charger.send(`[2,"${index}","DataTransfer",{"vendorId":"V","data":"${'d'.repeat(index % 300)}"}]`);
      csms.send(`[3,"${index}",{}]`);
    }
    await until(() => csms.got.length + charger.got.length === 6000);
    expect(csms.got).toEqual(charger.sent);
    expect(charger.got).toEqual(csms.sent);
  });

  it('stop being read from a side whose other side takes nothing', async () => {
    await using recorder = await RecorderUnderTest.start({ maxBufferedBytes: 65_536 });
    const { charger, csms } = await pair(recorder);
    csms.socket.pause();
    const frame = Buffer.alloc(64 * 1024, 'z');
    const total = 600;
    for (let index = 0; index < total; index += 1) charger.send(frame);
    // What two sockets' buffers hold gets through to the log, and then no more.
    let last = -1;
    await vi.waitUntil(
      async () => {
        const now = (await recorder.ofType('ocpp.frame.v1')).length;
        const still = now > 0 && now === last && charger.socket.bufferedAmount > 0;
        last = now;
        return still;
      },
      { timeout: 20_000, interval: 200 },
    );
    expect(last).toBeLessThan(total);
    csms.socket.resume();
    await until(() => csms.got.length === total);
    expect(csms.got).toEqual(charger.sent);
  });
});

describe('limits', () => {
  it('keep of a frame above maxFrameBytes its head, length and hash, and close with 1009', async () => {
    await using recorder = await RecorderUnderTest.start();
    const { charger, csms } = await pair(recorder);
    const frame = Buffer.alloc(5 * MiB, 'big ');
    charger.send('[2,"1","Heartbeat",{}]');
    charger.send(frame);
    expect(await charger.closed).toMatchObject({ code: 1009 });
    expect(await csms.closed).toMatchObject({ code: 1001 });
    expect(csms.got).toHaveLength(1);
    const [, record] = await recorder.ofType('ocpp.frame.v1');
    expect(Buffer.compare(record!.value, frame.subarray(0, 64 * 1024))).toBe(0);
    expect(record?.attributes.cut).toEqual({
      bytes: frame.length,
      sha256: createHash('sha256').update(frame).digest('hex'),
    });
    await until(async () => (await recorder.ofType('ocpp.relay-failed.v1')).length === 1);
    expect(await recorder.payloads('ocpp.relay-failed.v1')).toEqual([
      { leg: 'upstream', reason: 'frame-too-long', sequences: [record?.attributes.sequence] },
    ]);
    expect(await recorder.payloads('ocpp.connection-closed.v1')).toEqual([
      { code: 1009, reason: 'frame-too-long', by: 'gateway' },
    ]);
  });

  it('keep of a frame above the socket limit only that it was', async () => {
    await using recorder = await RecorderUnderTest.start();
    const { charger, csms } = await pair(recorder);
    csms.send(Buffer.alloc(20 * MiB), true);
    expect(await csms.closed).toMatchObject({ code: 1009 });
    expect(await charger.closed).toMatchObject({ code: 1001 });
    expect(await recorder.ofType('ocpp.frame.v1')).toEqual([]);
    expect(await recorder.payloads('ocpp.gap.v1')).toEqual([
      { missing: 'frames', count: 1, reason: 'beyond-socket-limit', direction: 'csms-to-station' },
    ]);
    expect(await recorder.payloads('ocpp.connection-closed.v1')).toMatchObject([
      { code: 1009, by: 'gateway' },
    ]);
  });
});

describe('the end of a connection', () => {
  it.each([
    { code: 1000, reason: 'done', arrives: { code: 1000, reason: 'done' } },
    { code: 4321, reason: 'ü', arrives: { code: 4321, reason: 'ü' } },
    { code: undefined, reason: '', arrives: { code: 1005, reason: '' } },
  ])('with $code goes to the other side as it came', async ({ code, reason, arrives }) => {
    await using recorder = await RecorderUnderTest.start();
    const one = await pair(recorder, 'CP-1');
    const two = await pair(recorder, 'CP-2');
    one.charger.socket.close(code, reason);
    two.csms.socket.close(code, reason);
    expect(await one.csms.closed).toEqual(arrives);
    expect(await two.charger.closed).toEqual(arrives);
    const closes = await recorder.ofType('ocpp.connection-closed.v1');
    const payloads = await recorder.payloads('ocpp.connection-closed.v1');
    expect(
      Object.fromEntries(closes.map(({ attributes }, index) => [attributes.subject, payloads[index]])),
    ).toEqual({
      'CP-1': { ...arrives, by: 'station' },
      'CP-2': { ...arrives, by: 'csms' },
    });
  });

  it('without a close frame is 1006 in the log and a peer gone away on the wire', async () => {
    await using recorder = await RecorderUnderTest.start();
    const { charger, csms } = await pair(recorder);
    charger.socket.terminate();
    expect(await csms.closed).toMatchObject({ code: 1001 });
    expect(await recorder.payloads('ocpp.connection-closed.v1')).toEqual([
      { code: 1006, reason: '', by: 'station' },
    ]);
  });

  it('inside a frame says how much of it is missing', async () => {
    await using recorder = await RecorderUnderTest.start();
    const { charger, csms } = await pair(recorder);
    csms.send('[2,"whole","Reset",{"type":"Soft"}]');
    const socket = (csms.socket as unknown as { _socket: { write(data: Buffer, sent: () => void): void } })
      ._socket;
    // A text frame that says 1,000 bytes and holds ten.
    await new Promise<void>((sent) => {
      socket.write(Buffer.concat([Buffer.from([0x81, 126, 0x03, 0xe8]), Buffer.from('0123456789')]), sent);
    });
    await until(() => charger.got.length === 1);
    csms.socket.terminate();
    expect(await charger.closed).toMatchObject({ code: 1001 });
    expect(charger.got).toEqual(csms.sent);
    expect(await recorder.payloads('ocpp.gap.v1')).toEqual([
      { missing: 'bytes', count: 10, reason: 'socket-ended-inside-a-frame', direction: 'csms-to-station' },
    ]);
    expect(await recorder.payloads('ocpp.connection-closed.v1')).toEqual([
      { code: 1006, reason: '', by: 'csms' },
    ]);
  });

  it('by what is no WebSocket frame is told to its sender', async () => {
    await using recorder = await RecorderUnderTest.start();
    const { charger, csms } = await pair(recorder);
    const socket = (csms.socket as unknown as { _socket: { write(data: Buffer): void } })._socket;
    socket.write(Buffer.from([0xff, 0xff, 0xff]));
    expect(await charger.closed).toMatchObject({ code: 1001 });
    expect(await csms.closed).toMatchObject({ code: 1002 });
    expect(await recorder.payloads('ocpp.gap.v1')).toEqual([
      { missing: 'frames', count: null, reason: 'not-websocket', direction: 'csms-to-station' },
    ]);
  });

  it('leaves a word on each frame that was recorded and not passed on', async () => {
    await using recorder = await RecorderUnderTest.start();
    const { charger, csms } = await pair(recorder);
    // The CSMS goes on talking to a station that has said goodbye and waits for the answer to it.
    charger.socket.close(1000);
    csms.send('[2,"late","Reset",{"type":"Soft"}]');
    await until(async () => (await recorder.ofType('ocpp.relay-failed.v1')).length === 1);
    const [frame] = await recorder.ofType('ocpp.frame.v1');
    expect(await recorder.payloads('ocpp.relay-failed.v1')).toEqual([
      { leg: 'station', reason: 'socket-closed', sequences: [frame?.attributes.sequence] },
    ]);
    expect(charger.got).toEqual([]);
  });

  it('is heard of while a frame is fragmented, with pings in between', async () => {
    await using recorder = await RecorderUnderTest.start();
    const { charger, csms } = await pair(recorder);
    charger.socket.send('[2,"1",', { fin: false });
    charger.socket.ping();
    charger.socket.send('"Heartbeat",{}]', { fin: true });
    await until(() => csms.texts.length === 1);
    expect(csms.texts).toEqual(['[2,"1","Heartbeat",{}]']);
    charger.socket.send('[2,"2",', { fin: false });
    await new Promise((resolve) => {
      charger.socket.once('pong', resolve).ping();
    });
    charger.socket.terminate();
    await csms.closed;
    expect(await recorder.payloads('ocpp.gap.v1')).toMatchObject([{ missing: 'bytes', count: 7 }]);
  });
});

it('the early words of an upstream wait for the station', async () => {
  const upstream = await startUpstream();
  await using recorder = await RecorderUnderTest.start({}, { upstream });
  const eager = upstream.next().then((csms) => {
    csms.send('[2,"early","GetConfiguration",{}]');
    return csms;
  });
  const charger = await station(recorder.url('/ocpp/CP-1'));
  const csms = await eager;
  await until(() => charger.got.length === 1);
  expect(charger.got).toEqual(csms.sent);
  expect(
    (await recorder.records())
      .filter(({ key }) => key === 'default/CP-1')
      .map(({ attributes }) => attributes.sequence),
  ).toEqual([0, 1, 2]);
});

it('a station that is gone before its upgrade ends its upstream too', async () => {
  const gate = Promise.withResolvers<undefined>();
  const reached = Promise.withResolvers<undefined>();
  await using recorder = await RecorderUnderTest.start(
    {},
    {
      wrap: (bare) =>
        withAppend(bare, async (topic, records) => {
          if (records.some(({ attributes }) => attributes.type === 'ocpp.handshake-accepted.v1')) {
            reached.resolve(undefined);
            await gate.promise;
          }
          return bare.append(topic, records);
        }),
    },
  );
  const socket = tcp(recorder.gateway.address.port, '127.0.0.1');
  socket.write(
    'GET /ocpp/CP-1 HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  await reached.promise;
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.resetAndDestroy();
  await closed;
  await until(() => recorder.upstream.ends.length === 1);
  gate.resolve(undefined);
  const [csms] = recorder.upstream.ends;
  expect(await csms?.closed).toMatchObject({ code: 1001 });
  expect(await recorder.payloads('ocpp.connection-closed.v1')).toMatchObject([{ code: 1006, by: 'station' }]);
});
