import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { End } from './ends.ts';

/** What a CSMS does with the upgrade of a station; without one it accepts and answers each CALL with `{}`. */
export type Behaviour = (socket: Duplex, accept: () => Promise<End>) => void;

export type Csms = {
  readonly url: string;
  /** All connections of a station, in order. */
  readonly ends: ReadonlyMap<string, readonly End[]>;
  readonly behaviours: Map<string, Behaviour>;
  close(): Promise<void>;
};

const VERSIONS = ['ocpp2.1', 'ocpp2.0.1', 'ocpp1.6'];

/** @param talk what it does with a connection of a station that it took */
export async function startCsms(talk: (end: End) => void = answerCalls): Promise<Csms> {
  const server = createServer();
  const sockets = new WebSocketServer({
    noServer: true,
    skipUTF8Validation: true,
    handleProtocols: (offered) => VERSIONS.find((version) => offered.has(version)) ?? false,
  });
  const ends = new Map<string, End[]>();
  const behaviours = new Map<string, Behaviour>();
  const open = new Set<Socket>();
  server.on('connection', (socket) => {
    open.add(socket.once('close', () => open.delete(socket)));
  });
  const accept = (request: IncomingMessage, socket: Duplex, head: Buffer, station: string) =>
    new Promise<End>((resolve) => {
      sockets.handleUpgrade(request, socket, head, (upgraded) => {
        const end = new End(upgraded);
        ends.set(station, [...(ends.get(station) ?? []), end]);
        talk(end);
        resolve(end);
      });
    });
  server.on('upgrade', (request, socket, head) => {
    const station = decodeURIComponent((request.url ?? '').split('/').at(-1) ?? '');
    const accepts = () => accept(request, socket, head, station);
    const behaviour = behaviours.get(station);
    if (behaviour === undefined) void accepts();
    else behaviour(socket, accepts);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/csms`,
    ends,
    behaviours,
    close: async () => {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function answerCalls(end: End): void {
  end.socket.on('message', (data) => {
    const id = /^\[2,"([^"]{1,36})",/.exec((data as Buffer).toString('latin1', 0, 64))?.[1];
    if (id !== undefined && end.socket.readyState === end.socket.OPEN) end.send(`[3,"${id}",{}]`);
  });
}
