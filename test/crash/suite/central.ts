import { type Csms, startCsms } from '../../e2e/gateway/csms.ts';
import type { End } from '../../e2e/gateway/ends.ts';
import type { Attempt } from './ledger.ts';
import { queryOf } from './station.ts';

/** A central system that asks for something itself once in so many CALLs. */
const ASKS_EVERY = 7;

/** The CSMS behind the relayed stations, with a ledger of what came over each of its connections. */
export const startCentral = (): Promise<Csms> => startCsms(answerAndAsk);

function answerAndAsk(end: End): void {
  let calls = 0;
  end.socket.on('message', (data) => {
    const id = /^\[2,"([^"]{1,36})",/.exec((data as Buffer).toString('latin1', 0, 64))?.[1];
    if (id === undefined || end.socket.readyState !== end.socket.OPEN) return;
    end.send(`[3,"${id}",{}]`);
    calls += 1;
    if (calls % ASKS_EVERY === 0)
      end.send(`[2,"csms-${calls}","TriggerMessage",{"requestedMessage":"Heartbeat"}]`);
  });
}

/** The CSMS's end of an attempt; none where it never came so far. */
export const endOf = (csms: Csms, attempt: Attempt): End | undefined =>
  csms.ends.get(`${attempt.station}?${queryOf(attempt)}`)?.[0];
