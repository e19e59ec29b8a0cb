import type { Observation } from '@chargeproof/ocpp';
import { followBoot, followStatus } from './ends.ts';
import type { Changes } from './ledger.ts';
import { Ledger } from './ledger.ts';
import type { Message } from './messages.ts';
import { messageOf } from './messages.ts';
import { followMeter } from './meters.ts';
import { followAnswer, followStart } from './starts.ts';
import { followStop } from './stops.ts';
import type { Pairing } from './transaction.ts';

/** What a frame is to the transactions of its station. */
export type Paired = Changes & {
  readonly message?: Message;
  /** Key of the transaction that the frame's sampled values belong to. */
  readonly belongsTo: string | null;
};

type Asked = { readonly pairing: Pairing; readonly observation: Observation; readonly paired: Paired };
/** A memo of a pure function: nothing depends on it. */
let asked: Asked | undefined;

/**
 * Pairs one frame with the transactions of its station, by the rules of `identify.ts`. The read models of
 * transactions, of their frames and of their meter values each fold this same state, so that they agree;
 * what one of them asked last is at hand for the next.
 *
 * Forward, a frame never moves from one transaction to another: a start that stands behind the frames of
 * an orphan did not begin it. One that comes late in the log stands before them, and folded again the
 * orphan has never been.
 */
export function pair(pairing: Pairing, observation: Observation): Paired {
  if (asked?.observation === observation && isSame(asked.pairing, pairing)) return asked.paired;
  const paired = pairMessage(pairing, messageOf(observation));
  asked = { pairing, observation, paired };
  return paired;
}

/** Each read model reads its own copy of a snapshot; told to be the same once, they go on with one. */
const isSame = (a: Pairing, b: Pairing) => a === b || JSON.stringify(a) === JSON.stringify(b);

function pairMessage(pairing: Pairing, message: Message | undefined): Paired {
  if (message === undefined) return { ...NOTHING, pairing };
  const ledger = new Ledger(pairing);
  const belongsTo = follow(ledger, message);
  return { ...ledger.changes(), message, belongsTo };
}

const NOTHING = { changed: [], forgotten: [], told: [], untold: [], belongsTo: null };

function follow(ledger: Ledger, message: Message): string | null {
  switch (message.is) {
    case 'meter':
      return followMeter(ledger, message);
    case 'stop':
      return followStop(ledger, message);
    case 'start':
      followStart(ledger, message);
      return null;
    case 'answer':
      followAnswer(ledger, message);
      return null;
    case 'status':
      followStatus(ledger, message);
      return null;
    case 'boot':
      followBoot(ledger, message);
      return null;
  }
}
