import { createServer, type Server } from 'node:http';
import { connect as tcp, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { RecorderUnderTest } from '../testing/recorder-under-test.ts';
import { until } from '../testing/until.ts';
import { station } from '../testing/wire.ts';
import { watchArrivals } from './arrivals.ts';

const REQUEST =
  'GET /ocpp/CP-1 HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n';

async function answerTo(socket: Socket): Promise<string> {
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  return answer;
}

describe('a request that does not come to its end', () => {
  it.each([
    ['never begins', []],
    ['stops in its headers', [REQUEST]],
    ['trickles', Array.from(REQUEST)],
  ])('because it %s is answered 408 when its time is over, and recorded', async (_, pieces) => {
    await using recorder = await RecorderUnderTest.start({ handshakeSeconds: 0.2 });
    const socket = tcp(recorder.gateway.address.port, '127.0.0.1');
    socket.on('error', () => undefined);
    const left = [...pieces];
    const trickle = setInterval(() => {
      const piece = left.shift();
      if (piece !== undefined && socket.writable) socket.write(piece);
    }, 10);
    // Of one that goes on writing the kernel may throw the answer away (RFC 9112, 9.6).
    const answer = await answerTo(socket).catch(() => 'HTTP/1.1 408 reset');
    expect(answer).toContain('HTTP/1.1 408 ');
    clearInterval(trickle);
    await until(async () => (await recorder.ofType('ocpp.handshake-refused.v1')).length === 1);
    expect(await recorder.payloads('ocpp.handshake-refused.v1')).toMatchObject([
      { reason: 'handshake-timeout', status: 408, remoteAddress: '127.0.0.1' },
    ]);
    const [record] = await recorder.ofType('ocpp.handshake-refused.v1');
    expect(record?.key).toBe('default/-');
  });

  it('costs nobody else: hundreds of them wait, and a station comes in', async () => {
    await using recorder = await RecorderUnderTest.start({ handshakeSeconds: 1 });
    const slow = Array.from({ length: 300 }, () => {
      const socket = tcp(recorder.gateway.address.port, '127.0.0.1');
      socket.on('error', () => undefined).write(REQUEST);
      return socket.resume();
    });
    const charger = await station(recorder.url('/ocpp/CP-2'));
    const csms = await recorder.upstream.next();
    charger.send('[2,"1","Heartbeat",{}]');
    await until(() => csms.texts.length === 1);
    await until(() => slow.every(({ destroyed }) => destroyed));
    await recorder.gateway.tick();
    const refusals = await recorder.payloads('ocpp.handshake-refused.v1');
    expect(refusals.map(({ count = 1 }) => count).sort((a, b) => a - b)).toEqual([1, 299]);
    expect(charger.socket.readyState).toBe(charger.socket.OPEN);
  });
});

describe('whoever has arrived', () => {
  async function watched(most: { mostUnderWay?: number; mostOfAnAddress?: number }, patience = 10_000) {
    const faults: string[] = [];
    const server: Server = createServer((_, response) => response.end('here'));
    watchArrivals({
      server,
      patienceMilliseconds: patience,
      ...most,
      onFault: (socket, { remoteAddress = '' }, { reason }) => {
        faults.push(`${reason} ${remoteAddress}`);
        socket.destroy();
      },
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const from = (localAddress: string) =>
      tcp({ port, host: '127.0.0.1', localAddress }).on('error', () => undefined);
    return { faults, from, close: server.closeAllConnections.bind(server) };
  }

  it('is not timed any more, and makes room', async () => {
    const { faults, from, close } = await watched({ mostOfAnAddress: 1 }, 100);
    for (let index = 0; index < 3; index += 1) {
      const socket = from('127.0.0.1');
      socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
      await new Promise((resolve) => socket.once('data', resolve));
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(faults).toEqual([]);
    close();
  });

  it('keeps none of another address out', async () => {
    const { faults, from, close } = await watched({ mostOfAnAddress: 3 });
    for (let index = 0; index < 5; index += 1) from('127.0.0.1');
    await until(() => faults.length === 2);
    expect(faults).toEqual(Array(2).fill('handshakes-crowded 127.0.0.1'));
    const other = from('127.0.0.2');
    other.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(await new Promise((resolve) => other.once('data', resolve))).toBeDefined();
    close();
  });
});
