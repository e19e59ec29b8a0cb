import type { Server } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { Counts } from '../operations/counts.ts';
import type { UnnamedRefusals } from '../handshake/unnamed-refusals.ts';
import { answerRefusal } from '../handshake/answer.ts';
import { namelessFacts } from '../handshake/facts.ts';
import type { Refusal } from '../handshake/refusal.ts';

const TOO_LARGE: Refusal = { status: 431, reason: 'headers-too-large' };

/** What is no HTTP is refused and counted like any handshake that names no station. */
export function answerGarbage(server: Server, unnamed: UnnamedRefusals, counts: Counts): void {
  server.on('clientError', (error: Error & { code?: string }, socket) => {
    if (error.code === 'ECONNRESET') {
      socket.destroy();
      return;
    }
    const refusal =
      error.code === 'HPE_HEADER_OVERFLOW'
        ? TOO_LARGE
        : { status: 400, reason: 'not-http', detail: error.code ?? error.message };
    counts.handshakesRefused.add(refusal.reason);
    const remoteAddress = 'remoteAddress' in socket ? String(socket.remoteAddress) : undefined;
    unnamed
      .note(namelessFacts(remoteAddress, socket instanceof TLSSocket ? socket : undefined), refusal)
      .finally(() => {
        answerRefusal(socket, refusal);
      })
      .catch(() => undefined);
  });
}
