import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { Counts } from '../operations/counts.ts';
import type { UnnamedRefusals } from '../handshake/unnamed-refusals.ts';
import { answerRefusal } from '../handshake/answer.ts';
import { namelessFacts, type LegFacts } from '../handshake/facts.ts';
import type { Refusal } from '../handshake/refusal.ts';
import { watchArrivals } from './arrivals.ts';

const TOO_LARGE: Refusal = { status: 431, reason: 'headers-too-large' };

export type NamelessParts = {
  readonly server: Server;
  readonly unnamed: UnnamedRefusals;
  readonly counts: Counts;
  readonly patienceMilliseconds: number;
};

/** What is no HTTP, or does not come to be any, is refused and counted like any handshake that names no station. */
export function answerGarbage({ server, unnamed, counts, patienceMilliseconds }: NamelessParts): void {
  const refuse = (socket: Duplex, facts: LegFacts, refusal: Refusal) => {
    counts.handshakesRefused.add(refusal.reason);
    unnamed
      .note(facts, refusal)
      .finally(() => {
        answerRefusal(socket, refusal);
      })
      .catch(() => undefined);
  };
  watchArrivals({ server, patienceMilliseconds, onFault: refuse });
  server.on('clientError', (error: Error & { code?: string }, socket) => {
    if (error.code === 'ECONNRESET') {
      socket.destroy();
      return;
    }
    const remoteAddress = 'remoteAddress' in socket ? String(socket.remoteAddress) : undefined;
    const facts = namelessFacts(remoteAddress, socket instanceof TLSSocket ? socket : undefined);
    refuse(socket, facts, refusalOf(error));
  });
}

const refusalOf = ({ code, message }: Error & { code?: string }): Refusal =>
  code === 'HPE_HEADER_OVERFLOW' ? TOO_LARGE : { status: 400, reason: 'not-http', detail: code ?? message };
