import { connect as tcp } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startHttpUpstream } from '../testing/bad-upstreams.ts';
import { RecorderUnderTest } from '../testing/recorder-under-test.ts';
import { until } from '../testing/until.ts';
import { connect, End, startUpstream, station, type UpstreamStub } from '../testing/wire.ts';

/** An upstream that is down, and how it comes up again. */
async function downUpstream(): Promise<UpstreamStub & { readonly up: () => Promise<UpstreamStub> }> {
  const upstream = await startUpstream();
  const port = Number(new URL(upstream.url).port);
  await upstream.close();
  let again: UpstreamStub | undefined;
  return {
    ...upstream,
    up: async () => (again = await startUpstream({ port })),
    close: async () => {
      await again?.close();
    },
  };
}

const refusals = (recorder: RecorderUnderTest) => recorder.payloads('ocpp.handshake-refused.v1');

describe('while the CSMS is down, an upgrade', () => {
  it('is held until it is back, and has its choice of subprotocol', async () => {
    const upstream = await downUpstream();
    await using recorder = await RecorderUnderTest.start({ upstreamHoldSeconds: 20 }, { upstream });
    const answer = connect(recorder.url('/ocpp/CP-1'), ['ocpp9', 'ocpp2.0.1']);
    setTimeout(() => void upstream.up(), 300);
    const charger = await answer;
    if (!(charger instanceof End)) throw new Error(`refused with ${charger.status}`);
    expect(charger.socket.protocol).toBe('ocpp2.0.1');
    expect(await refusals(recorder)).toEqual([]);
  });

  it('is refused when its time is over, as one that was not held', async () => {
    await using recorder = await RecorderUnderTest.start(
      { upstreamHoldSeconds: 1 },
      { upstream: await downUpstream() },
    );
    const began = performance.now();
    expect(await connect(recorder.url('/ocpp/CP-1'))).toMatchObject({
      status: 502,
      body: 'upstream-unreachable',
    });
    expect(performance.now() - began).toBeGreaterThan(950);
    expect(await refusals(recorder)).toHaveLength(2);
  });

  it('is refused at once where the CSMS itself says no', async () => {
    await using recorder = await RecorderUnderTest.start(
      { upstreamHoldSeconds: 60 },
      { upstream: await startHttpUpstream('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n') },
    );
    expect(await connect(recorder.url('/ocpp/CP-1'))).toMatchObject({ status: 401 });
  });

  it('is held where the proxy before the CSMS says that it is down', async () => {
    await using recorder = await RecorderUnderTest.start(
      { upstreamHoldSeconds: 1 },
      { upstream: await startHttpUpstream('HTTP/1.1 503 Down\r\nContent-Length: 0\r\n\r\n') },
    );
    const began = performance.now();
    expect(await connect(recorder.url('/ocpp/CP-1'))).toMatchObject({ status: 503 });
    expect(performance.now() - began).toBeGreaterThan(950);
  });

  it.each(['ends', 'resets'])('is given up when its station %s its socket', async (how) => {
    await using recorder = await RecorderUnderTest.start(
      { upstreamHoldSeconds: 60 },
      { upstream: await downUpstream() },
    );
    const socket = tcp(recorder.gateway.address.port, '127.0.0.1');
    socket.write(
      'GET /ocpp/CP-1 HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
    if (how === 'ends') socket.end();
    else socket.resetAndDestroy();
    await until(async () => (await refusals(recorder)).length === 2);
    expect(await refusals(recorder)).toMatchObject([{ reason: 'station-left' }, { reason: 'station-left' }]);
  });

  it('does not keep the gateway from stopping', async () => {
    await using recorder = await RecorderUnderTest.start(
      { upstreamHoldSeconds: 60 },
      { upstream: await downUpstream() },
    );
    const answer = connect(recorder.url('/ocpp/CP-1'));
    await new Promise((resolve) => setTimeout(resolve, 100));
    await recorder.gateway.stop();
    expect(await answer).toMatchObject({ status: 503, body: 'stopping' });
  });
});

it('a station whose CSMS goes down under it is let go, comes again, and is held until that is back', async () => {
  const upstream = await startUpstream();
  const port = Number(new URL(upstream.url).port);
  let again: UpstreamStub | undefined;
  const close = () => again?.close() ?? Promise.resolve();
  await using recorder = await RecorderUnderTest.start(
    { upstreamHoldSeconds: 20 },
    { upstream: { ...upstream, close } },
  );
  const before = await station(recorder.url('/ocpp/CP-1'));
  await upstream.close();
  expect(await before.closed).toMatchObject({ code: 1001 });
  const answer = station(recorder.url('/ocpp/CP-1'));
  setTimeout(() => void startUpstream({ port }).then((started) => (again = started)), 200);
  const after = await answer;
  after.send('[2,"1","StopTransaction",{}]');
  await until(() => again?.ends[0]?.texts.length === 1);
});

it('what a station says before it has its answer is kept, in order', async () => {
  const upstream = await downUpstream();
  await using recorder = await RecorderUnderTest.start({ upstreamHoldSeconds: 20 }, { upstream });
  const socket = tcp(recorder.gateway.address.port, '127.0.0.1');
  const frame = (text: string) =>
    Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)]);
  socket.write(
    Buffer.concat([
      Buffer.from(
        'GET /ocpp/CP-1 HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
      ),
      frame('first'),
    ]),
  );
  await new Promise((resolve) => setTimeout(resolve, 100));
  socket.write(frame('second'));
  await new Promise((resolve) => setTimeout(resolve, 100));
  const csms = await (await upstream.up()).next();
  socket.write(frame('third'));
  await until(() => csms.texts.length === 3);
  expect(csms.texts).toEqual(['first', 'second', 'third']);
  socket.destroy();
});
