import { createServer } from 'node:http';
import { type AddressInfo, isIPv6 } from 'node:net';
import { type Operations, operations } from './endpoint.ts';

export type OperationsListener = { readonly address: string; stop(): Promise<void> };

/** For a process that listens to nothing else. Rejects with the error of a port that cannot be had. */
export async function listenForOperations(
  { host, port }: { readonly host: string; readonly port: number },
  asked: Operations,
): Promise<OperationsListener> {
  const answer = operations(asked);
  const server = createServer((request, response) => {
    answer(request, response, () => {
      response.writeHead(404, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: 'there are /healthz, /readyz and /metrics' }));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const bound = (server.address() as AddressInfo).port;
  return {
    address: `http://${isIPv6(host) ? `[${host}]` : host}:${bound}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
