import type { Action } from './action.ts';
import type { Wrong } from './refusal.ts';

/** The subprotocols whose stations are answered here, as they are offered. */
export type AnsweredProtocol = 'ocpp1.6' | 'ocpp2.0.1';

/** A version of OCPP as it is answered here. */
export type Dialect = {
  readonly protocol: AnsweredProtocol;
  /** For people. */
  readonly name: string;
  readonly actions: ReadonlyMap<string, Action>;
  /** Whether only a central system begins it. */
  readonly isForStations: (action: string) => boolean;
  /** What its CALLERRORs call what is wrong. */
  readonly codes: Readonly<Record<Wrong, string>>;
  /** The id of a CALLERROR to a CALL whose own cannot be read; absent: such a CALL is not answered. */
  readonly unreadableId?: string;
};
