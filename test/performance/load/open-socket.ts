import { connect, type Socket } from 'node:net';
import { type Heard, frameReader, maskedPong, upgradeRequest } from './raw-websocket.ts';

/**
 * A station's socket, once its upgrade is answered.
 * @param url of the station
 * @param from the local address, where one has not ports enough
 * @throws Error with what was said instead of 101
 */
export async function openSocket(url: URL, heard: Heard['text'], from?: string): Promise<Socket> {
  const socket = connect({
    host: url.hostname,
    port: Number(url.port),
    noDelay: true,
    ...(from !== undefined && { localAddress: from }),
  });
  const read = frameReader({ text: heard, ping: (payload) => socket.write(maskedPong(payload)) });
  await new Promise<void>((resolve, reject) => {
    const ended = () => {
      reject(new Error(`${url.href} was closed before its upgrade`));
    };
    socket.once('error', reject).once('close', ended);
    socket.write(upgradeRequest(url.host, url.pathname));
    socket.once('data', (chunk) => {
      const said = chunk.toString('latin1');
      if (!said.startsWith('HTTP/1.1 101')) reject(new Error(said));
      socket.off('error', reject).off('close', ended).on('data', read);
      resolve();
    });
  });
  // A relay that is killed resets its stations' sockets: that is what some figures are about.
  socket.on('error', () => socket.destroy());
  return socket;
}
