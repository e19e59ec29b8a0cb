import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { UpstreamStub } from './wire.ts';

/** An upstream that is no WebSocket server: what it does with a connection is up to the test. */
export async function startTcpUpstream(serve: (socket: Socket) => void): Promise<UpstreamStub> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    serve(socket);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/csms`,
    requests: [],
    ends: [],
    next: () => Promise.reject(new Error('it accepts nobody')),
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => {
          resolve();
        });
      }),
  };
}

/** Answers every request with these bytes and ends. */
export const startHttpUpstream = (answer: string) =>
  startTcpUpstream((socket) => {
    socket.once('data', () => socket.end(answer));
  });
