import { createServer } from 'node:net';

/** Whether a port of this address can be listened on now. */
export function isFree(host: string, port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => {
      resolve(false);
    });
    server.listen(port, host, () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}

/** The first free port from this one on. 0 stays 0: any free one. */
export async function nextFreePort(host: string, port: number): Promise<number> {
  for (let candidate = port; candidate < 65_536; candidate++) {
    if (candidate === 0 || (await isFree(host, candidate))) return candidate;
  }
  throw new Error(`No port from ${port} on is free on ${host}`);
}
