import type { JsonObject } from '@chargeproof/json';
import type { Circumstances } from './circumstances.ts';
import type { Needs } from './needs.ts';
import type { StationState } from './station-state.ts';

export type Payload = Readonly<Record<string, unknown>>;
export type Question = {
  readonly payload: JsonObject;
  readonly state: StationState;
  readonly circumstances: Circumstances;
};
/** `state` only where it changes. */
export type Reply = { readonly payload: Payload; readonly state?: StationState };

export type Action = {
  /** What a payload must have for an answer. */
  readonly needs: Needs;
  /**
   * A transaction is a fact, whatever its message looks like: it is answered with a result whenever its message
   * id can be told, because a station that is refused sends it again for ever or drops it (errata 3.18).
   */
  readonly isTransactional?: true;
  /** @returns undefined where no answer can be given that will hold */
  readonly answer: (question: Question) => Reply | undefined;
};

const NOTHING: Reply = { payload: {} };

/** A message that is told and asks for nothing. */
export const noted = (needs: Needs): Action => ({ needs, answer: () => NOTHING });

/** Milliseconds, as in OCPP's own examples: stations' parsers are known to fail on more digits. */
const currentTime = ({ now }: Circumstances) => new Date(Math.floor(now / 1000)).toISOString();

/** The same in OCPP 1.6 and 2.0.1 but for what they need: the station is what the operator's policy says of it. */
export const boot = (needs: Needs): Action => ({
  needs,
  answer: ({ circumstances }) => {
    const { status, interval } = circumstances.policy.registration;
    return { payload: { status, currentTime: currentTime(circumstances), interval } };
  },
});

export const HEARTBEAT: Action = {
  needs: {},
  answer: ({ circumstances }) => ({ payload: { currentTime: currentTime(circumstances) } }),
};

/** No vendor's messages are known here. */
export const DATA_TRANSFER: Action = {
  needs: { vendorId: 'text' },
  answer: () => ({ payload: { status: 'UnknownVendorId' } }),
};
