import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ConnectionIdentity } from '../connection/identity.ts';
import type { LegFacts } from './facts.ts';

/** A request to become a WebSocket, as Node's HTTP server hands it over. */
export type Upgrade = {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
};

/** One that names its station. */
export type NamedUpgrade = Upgrade & { readonly identity: ConnectionIdentity; readonly facts: LegFacts };
