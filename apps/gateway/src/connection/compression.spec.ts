import { createHash } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { OFFER, PLAIN_OFFER, SELECTED, takesDeflate } from '../handshake/compression.ts';
import { RecorderUnderTest } from '../testing/recorder-under-test.ts';
import { until } from '../testing/until.ts';
import { startUpstream, station } from '../testing/wire.ts';

const MiB = 1024 * 1024;
/** Long enough for ws to compress it, and it compresses well. */
const LONG = `[2,"1","DataTransfer",{"vendorId":"V","data":"${'data '.repeat(1000)}"}]`;
const COMPRESSING = { perMessageDeflate: true };

/** A text frame with the bit that says it is compressed (RFC 7692, 7.2.1), masked with zeros. */
function compressedFrame(deflated: Buffer): Buffer {
  const header = Buffer.alloc(14);
  header[0] = 0xc1;
  header[1] = 0x80 | 127;
  header.writeBigUInt64BE(BigInt(deflated.length), 2);
  return Buffer.concat([header, deflated]);
}

const bytesWritten = (socket: object) =>
  (socket as { _socket: { bytesWritten: number } })._socket.bytesWritten;
const write = (socket: object, data: Buffer) => {
  (socket as { _socket: { write(data: Buffer): void } })._socket.write(data);
};

describe('compression', () => {
  it('is not agreed on where the setting does not say so, on either leg', async () => {
    await using recorder = await RecorderUnderTest.start({}, { upstream: await startUpstream(COMPRESSING) });
    const charger = await station(recorder.url('/ocpp/CP-1'), ['ocpp1.6'], COMPRESSING);
    await recorder.upstream.next();
    expect(charger.socket.extensions).toBe('');
    expect(recorder.upstream.requests[0]?.headers['sec-websocket-extensions']).toBeUndefined();
    const records = await recorder.payloads('ocpp.handshake-accepted.v1');
    expect(records.map(({ selectedExtensions }) => selectedExtensions)).toEqual([undefined, undefined]);
    expect(records[0]?.offeredExtensions).toContain('permessage-deflate');
  });

  it.each([
    { of: 'both legs', near: true, far: true },
    { of: 'the station alone', near: true, far: false },
    { of: 'the CSMS alone', near: false, far: true },
    { of: 'neither', near: false, far: false },
  ])(
    'is that of $of where it is asked for, and the record holds the message itself',
    async ({ near, far }) => {
      await using recorder = await RecorderUnderTest.start(
        { compression: true },
        { upstream: await startUpstream({ perMessageDeflate: far }) },
      );
      const charger = await station(recorder.url('/ocpp/CP-1'), ['ocpp1.6'], { perMessageDeflate: near });
      const csms = await recorder.upstream.next();
      const before = [bytesWritten(charger.socket), bytesWritten(csms.socket)];
      const frames = [LONG, 'short', Buffer.from([0xff, 0xfe, 0xc3]), ''];
      for (const frame of frames) {
        charger.send(frame);
        csms.send(frame);
      }
      await until(() => charger.got.length + csms.got.length === 2 * frames.length);
      expect(csms.got).toEqual(charger.sent);
      expect(charger.got).toEqual(csms.sent);
      const values = (await recorder.ofType('ocpp.frame.v1')).map(({ value }) =>
        Buffer.from(value).toString('latin1'),
      );
      expect(values.filter((value) => value === LONG)).toHaveLength(2);
      const isShort = [charger, csms].map(
        ({ socket }, index) => bytesWritten(socket) - (before[index] ?? 0) < LONG.length / 2,
      );
      expect(isShort).toEqual([near, far]);
      // What ws and the other side agreed on is what the record says, on each leg.
      const [own, upstream] = await recorder.payloads('ocpp.handshake-accepted.v1');
      expect(own?.selectedExtensions ?? '').toBe(near ? SELECTED : '');
      expect(charger.socket.extensions === '').toBe(!near);
      expect(recorder.upstream.requests[0]?.headers['sec-websocket-extensions']).toBe(OFFER);
      expect(upstream?.offeredExtensions).toBe(OFFER);
      expect(upstream?.selectedExtensions?.includes(PLAIN_OFFER) ?? false).toBe(far);
    },
  );

  it('of a bomb is cut off at the socket limit, and it costs no more than that', async () => {
    await using recorder = await RecorderUnderTest.start({ compression: true });
    const other = await station(recorder.url('/ocpp/CP-2'));
    const otherUp = await recorder.upstream.next();
    const charger = await station(recorder.url('/ocpp/CP-1'), ['ocpp1.6'], COMPRESSING);
    const csms = await recorder.upstream.next();
    // 1 GiB of zeros: 1,030 to 1, which is as much as deflate can do.
    const megabyte = deflateRawSync(Buffer.alloc(64 * MiB), { finishFlush: 2 });
    const bomb = Buffer.concat(Array<Buffer>(16).fill(megabyte));
    expect(bomb.length).toBeLessThan(1.1 * MiB);
    const before = { memory: process.memoryUsage().rss, cpu: process.cpuUsage() };
    write(charger.socket, compressedFrame(bomb));
    expect(await charger.closed).toMatchObject({ code: 1009 });
    expect(await csms.closed).toMatchObject({ code: 1001 });
    const { user, system } = process.cpuUsage(before.cpu);
    expect((user + system) / 1e6).toBeLessThan(1.5);
    expect(process.memoryUsage().rss - before.memory).toBeLessThan(100 * MiB);
    expect(await recorder.ofType('ocpp.frame.v1')).toEqual([]);
    expect(await recorder.payloads('ocpp.gap.v1')).toEqual([
      { missing: 'frames', count: 1, reason: 'beyond-socket-limit', direction: 'station-to-csms' },
    ]);
    expect(await recorder.payloads('ocpp.connection-closed.v1')).toEqual([
      { code: 1009, reason: 'beyond-socket-limit', by: 'gateway' },
    ]);
    other.send(LONG);
    await until(() => otherUp.texts.length === 1);
  });

  it('of a frame above maxFrameBytes leaves its head, its length and its hash', async () => {
    await using recorder = await RecorderUnderTest.start({ compression: true });
    const charger = await station(recorder.url('/ocpp/CP-1'), ['ocpp1.6'], COMPRESSING);
    const frame = Buffer.alloc(5 * MiB, 'big ');
    charger.send(frame);
    expect(await charger.closed).toMatchObject({ code: 1009 });
    const [record] = await recorder.ofType('ocpp.frame.v1');
    const sha256 = createHash('sha256').update(frame).digest('hex');
    expect(record?.attributes.cut).toEqual({ bytes: frame.length, sha256 });
  });

  it('of what cannot be inflated ends its connection, with a record', async () => {
    await using recorder = await RecorderUnderTest.start({ compression: true });
    const charger = await station(recorder.url('/ocpp/CP-1'), ['ocpp1.6'], COMPRESSING);
    write(charger.socket, compressedFrame(Buffer.alloc(100, 0xff)));
    expect(await charger.closed).toMatchObject({ code: 1007 });
    expect(await recorder.payloads('ocpp.gap.v1')).toEqual([
      { missing: 'frames', count: null, reason: 'not-inflatable', direction: 'station-to-csms' },
    ]);
  });
});

it.each([
  ['permessage-deflate', true],
  ['permessage-deflate; client_max_window_bits', true],
  ['permessage-deflate; client_max_window_bits=15; server_max_window_bits=15', true],
  ['permessage-deflate;server_no_context_takeover ; client_no_context_takeover', true],
  ['permessage-deflate; server_max_window_bits="12"', true],
  ['x-webkit-deflate-frame, permessage-deflate', true],
  ['permessage-deflate; server_max_window_bits=10', false],
  ['permessage-deflate; server_max_window_bits=8, permessage-deflate', true],
  ['permessage-deflate; server_max_window_bits', false],
  ['permessage-deflate; server_no_context_takeover=1', false],
  ['permessage-deflate; server_no_context_takeover; server_no_context_takeover', false],
  ['permessage-deflate; constructor', false],
  ['permessage-deflate; mux=1', false],
  ['permessage-deflate;', false],
  ['x-permessage-deflate', false],
  [';;,', false],
  ['', false],
  [undefined, false],
])('the offer "%s" is taken: %s', (offer, taken) => {
  expect(takesDeflate(offer)).toBe(taken);
});
