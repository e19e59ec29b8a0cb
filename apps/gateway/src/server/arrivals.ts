import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { namelessFacts, type LegFacts } from '../handshake/facts.ts';
import type { Refusal } from '../handshake/refusal.ts';
import { Crowd } from '../tls/crowd.ts';
import { CROWDED, TOO_SLOW } from '../tls/tls-faults.ts';

export type ArrivalsOptions = {
  readonly server: Server;
  readonly patienceMilliseconds: number;
  readonly mostUnderWay?: number;
  readonly mostOfAnAddress?: number;
  /** The socket is still there, and is the caller's to answer and to end. */
  readonly onFault: (socket: Socket, facts: LegFacts, fault: Refusal) => void;
};

/** Sockets whose request is still to come: some 5 KB each. */
const MOST_UNDER_WAY = 10_000;
/** Behind a balancer all stations have one address; those of a whole fleet come in one breath. */
const MOST_OF_AN_ADDRESS = 5000;

/**
 * Who has connected, after TLS where there is any, and has not said what for. A request whose headers trickle in costs
 * nobody else: it has so long, and there are only so many of them. Node's own timeouts look every half minute.
 */
export function watchArrivals(options: ArrivalsOptions): void {
  const { server, mostUnderWay = MOST_UNDER_WAY, mostOfAnAddress = MOST_OF_AN_ADDRESS } = options;
  const crowd = new Crowd(mostUnderWay, mostOfAnAddress);
  const arriving = new Map<Socket, () => void>();
  const fault = (socket: Socket, refusal: Refusal) => {
    // What it asks after all is not heard any more.
    socket.pause();
    const facts = namelessFacts(socket.remoteAddress, socket instanceof TLSSocket ? socket : undefined);
    options.onFault(socket, facts, refusal);
  };
  const arrived = ({ socket }: IncomingMessage) => arriving.get(socket)?.();
  server.on('connection', (socket) => {
    const address = socket.remoteAddress ?? '';
    if (!crowd.enter(address)) {
      fault(socket, CROWDED);
      return;
    }
    const timer = setTimeout(() => {
      left();
      fault(socket, TOO_SLOW);
    }, options.patienceMilliseconds);
    const left = () => {
      clearTimeout(timer);
      socket.off('close', left);
      arriving.delete(socket);
      crowd.leave(address);
    };
    arriving.set(socket, left);
    socket.on('close', left);
  });
  server.on('upgrade', arrived).on('request', arrived);
}
