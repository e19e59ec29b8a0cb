import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LegFacts } from '../handshake/facts.ts';
import { until } from '../testing/until.ts';
import { Door } from './door.ts';

let server: Server;
let faults: [string, LegFacts][];
const sockets: Socket[] = [];
beforeEach(async () => {
  faults = [];
  server = createServer((_, response) => response.end('answered'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  server.close();
});

const open = (patienceMilliseconds: number) =>
  new Door({
    server,
    context: () => ({}),
    asksCertificate: false,
    onlyTrusted: false,
    patienceMilliseconds,
    mostUnderWay: 3,
    mostOfAnAddress: 2,
    onFault: (facts, fault) => faults.push([fault.reason, facts]),
  });

async function come(localAddress: string, says?: string | Buffer): Promise<Socket> {
  const { port } = server.address() as AddressInfo;
  const socket = connect({ port, host: '127.0.0.1', localAddress });
  socket.on('error', () => undefined);
  sockets.push(socket);
  await once(socket, 'connect');
  if (says !== undefined) socket.write(says);
  return socket;
}
const answerOf = async (socket: Socket) => {
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  return answer;
};
const REQUEST = 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
/** The beginning of a handshake that never goes on. */
const HALF = Buffer.from('1603010200', 'hex');

describe('a door with slow handshakes before it', () => {
  it('lets one address take only its part, and is free again when they are cut', async () => {
    open(300);
    const slow = [await come('127.0.0.1', HALF), await come('127.0.0.1', HALF)];
    const third = await come('127.0.0.1', REQUEST);
    expect(await answerOf(third).catch(() => '')).toBe('');
    expect(await answerOf(await come('127.0.0.2', REQUEST))).toContain('answered');
    await Promise.all(slow.map((socket) => once(socket, 'close')));
    expect(await answerOf(await come('127.0.0.1', REQUEST))).toContain('answered');
    await until(() => faults.length === 3);
    expect(faults.map(([reason, facts]) => [reason, facts.remoteAddress])).toEqual([
      ['handshakes-crowded', '127.0.0.1'],
      ['handshake-timeout', '127.0.0.1'],
      ['handshake-timeout', '127.0.0.1'],
    ]);
  });

  it('tells nothing of who comes and goes without a word, and cuts who waits when it closes', async () => {
    const door = open(60_000);
    (await come('127.0.0.1')).destroy();
    const waiting = await come('127.0.0.2', HALF);
    const cut = once(waiting, 'close');
    expect(await answerOf(await come('127.0.0.3', REQUEST))).toContain('answered');
    door.close();
    await cut;
    expect(faults).toEqual([]);
  });

  it('reads HTTP that comes in pieces', async () => {
    open(60_000);
    const socket = await come('127.0.0.1', REQUEST.slice(0, 1));
    await new Promise((resolve) => setImmediate(resolve));
    socket.write(REQUEST.slice(1));
    expect(await answerOf(socket)).toContain('answered');
  });
});
