import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocketAdapter } from '@nestjs/common';
import type { Upgrade } from '../handshake/upgrade.ts';

/**
 * Nest's side of the OCPP socket. It gives upgrades to the gateway class and nothing else: Nest's own
 * adapters run message handlers out of order and drop what does not fit their format, so frames go from the
 * socket to the connection's queue and never through Nest.
 */
export class OcppAdapter implements WebSocketAdapter<Server, Upgrade> {
  readonly #server: Server;

  constructor(server: Server) {
    this.#server = server;
  }

  create(): Server {
    return this.#server;
  }

  bindClientConnect(server: Server, connected: (upgrade: Upgrade) => void): void {
    server.on('upgrade', (request, socket, head) => {
      // Without a listener, a reset before the answer would end the process.
      socket.on('error', destroyIt);
      connected({ request, socket, head });
    });
  }

  bindMessageHandlers(): void {
    // The gateway class has none.
  }

  close(): void {
    // The HTTP server is Nest's, which closes it.
  }

  dispose(): Promise<void> {
    return Promise.resolve();
  }
}

/** One for all sockets: it stays with each as long as that lives. */
function destroyIt(this: Duplex): void {
  this.destroy();
}
