import { createServer } from 'node:net';

/** Whether nobody listens on a port of this address. What else may be wrong with it, whoever listens there says. */
export function isFree(host: string, port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code !== 'EADDRINUSE');
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
