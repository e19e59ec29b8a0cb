import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';

/**
 * The baseline: a relay on `ws` that does nothing else, a process of its own. Every frame goes on as it
 * came, in order; nothing is kept. Told its upstream by its first argument.
 */
const upstream = process.argv[2] ?? '';
const options = { perMessageDeflate: false, skipUTF8Validation: true } as const;
const server = new WebSocketServer({
  host: '127.0.0.1',
  port: 0,
  ...options,
  handleProtocols: () => 'ocpp1.6',
});

server.on('connection', (station, request) => {
  const csms = new WebSocket(`${upstream}${request.url ?? ''}`, ['ocpp1.6'], options);
  const early: [Buffer, boolean][] = [];
  const forward = (to: WebSocket) => (data: Buffer, isBinary: boolean) => {
    to.send(data, { binary: isBinary });
  };
  station.on('message', (data: Buffer, isBinary) => early.push([data, isBinary]));
  csms.once('open', () => {
    station.removeAllListeners('message');
    station.on('message', forward(csms));
    csms.on('message', forward(station));
    for (const [data, isBinary] of early) csms.send(data, { binary: isBinary });
  });
  station.on('close', () => {
    csms.terminate();
  });
  csms.on('close', () => {
    station.terminate();
  });
  csms.on('error', () => {
    station.terminate();
  });
});
server.on('listening', () =>
  process.send?.({ address: `ws://127.0.0.1:${(server.address() as AddressInfo).port}` }),
);
process.on('disconnect', () => process.exit(0));
