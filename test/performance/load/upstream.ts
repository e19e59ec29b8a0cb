import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { frameReader, plainPong, plainText, upgradeAnswer } from './raw-websocket.ts';

/**
 * The CSMS of the load tests, a process of its own: answers every CALL with an empty result under its id.
 * Tells its address to its parent.
 */
const server = createServer();
server.on('upgrade', (request, socket) => {
  socket.write(upgradeAnswer(String(request.headers['sec-websocket-key'])));
  socket.on('error', () => socket.destroy());
  socket.on(
    'data',
    frameReader({
      text: (payload) => socket.write(plainText(answerTo(payload))),
      ping: (payload) => socket.write(plainPong(payload)),
    }),
  );
});
server.listen(0, '127.0.0.1', () => {
  process.send?.({ address: `ws://127.0.0.1:${(server.address() as AddressInfo).port}` });
});
process.on('disconnect', () => process.exit(0));

/** `[2,"<id>","…` → `[3,"<id>",{}]`. */
function answerTo(call: Buffer): Buffer {
  const idEnd = call.indexOf(0x22, 4);
  return Buffer.concat([Buffer.from('[3,"'), call.subarray(4, idEnd), Buffer.from('",{}]')]);
}
