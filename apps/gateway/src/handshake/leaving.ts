import type { Duplex } from 'node:stream';

/** So much may a station say before it has its answer; what is more waits in the kernel, and its leaving is not heard. */
const MOST_EARLY_BYTES = 64 * 1024;

/**
 * Tells when a station leaves while its upgrade waits, with a reset or without. Its socket has to be read for that.
 * @returns what ends the listening: the socket is paused then, and what was read is put back
 */
export function hearLeaving(socket: Duplex, left: () => void): () => void {
  const early: Buffer[] = [];
  let bytes = 0;
  const said = (chunk: Buffer) => {
    early.push(chunk);
    bytes += chunk.length;
    if (bytes > MOST_EARLY_BYTES) socket.pause();
  };
  if (socket.destroyed) left();
  socket.on('data', said).once('end', left).once('close', left);
  return () => {
    socket.off('data', said).off('end', left).off('close', left).pause();
    if (bytes > 0 && !socket.readableEnded) socket.unshift(Buffer.concat(early));
  };
}
