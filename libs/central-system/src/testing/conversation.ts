import { readFrame } from '@chargeproof/ocpp';
import type { Micros } from '@chargeproof/record';
import { answer, type Answered } from '../answer.ts';
import type { Dialect } from '../dialect.ts';
import { asked } from '../asked.ts';
import { OCPP_16 } from '../ocpp16/dialect.ts';
import { OpenTags } from '../policy/open-tags.ts';
import { OPEN_POLICY, type StationPolicy } from '../policy/station-policy.ts';
import { NEW_STATION, type StationState } from '../station-state.ts';

export const NOW: Micros = Date.UTC(2026, 0, 2, 3, 4, 5, 678) * 1000;
export const CURRENT = '2026-01-02T03:04:05.678Z';
export const call = (action: string, payload: unknown, id = 'm') => JSON.stringify([2, id, action, payload]);

export type ConversationOptions = {
  readonly dialect?: Dialect;
  readonly policy?: Partial<StationPolicy>;
  readonly station?: string;
  /** Of all stations. */
  readonly openTags?: OpenTags;
};

/** A station's conversation: state goes on from frame to frame, ids count from 1. */
export class Conversation {
  state: StationState = NEW_STATION;
  #lastId = 0;
  idsLeft = Number.MAX_SAFE_INTEGER;
  now = NOW;
  policy: Partial<StationPolicy>;
  readonly #dialect: Dialect;
  readonly #station: string;
  readonly #openTags: OpenTags;

  constructor({ dialect = OCPP_16, policy = {}, station = 'CP-1', openTags }: ConversationOptions = {}) {
    this.#dialect = dialect;
    this.policy = policy;
    this.#station = station;
    this.#openTags = openTags ?? new OpenTags();
  }

  takes(frame: string | Uint8Array, opcode: 'text' | 'binary' = 'text'): Answered {
    const bytes = typeof frame === 'string' ? Buffer.from(frame) : frame;
    const answered = answer(this.#dialect, this.state, readFrame(bytes, opcode), {
      now: this.now,
      takeTransactionId: () => (this.idsLeft-- > 0 ? ++this.#lastId : undefined),
      policy: {
        ...OPEN_POLICY,
        isInUse: (tag, place) => this.#openTags.isInUse(tag, this.#station, place, this.now),
        ...this.policy,
      },
    });
    this.#openTags.follow(this.#station, this.state, answered.state);
    this.state = answered.state;
    return answered;
  }

  says(frame: string | Uint8Array, opcode: 'text' | 'binary' = 'text'): unknown {
    const { response } = this.takes(frame, opcode);
    return response === undefined ? undefined : JSON.parse(response);
  }

  /** What a CALL is answered: the payload of its CALLRESULT, the code of its CALLERROR. */
  calls(action: string, payload: unknown): unknown {
    const response = this.says(call(action, payload)) as [number, string, unknown];
    return response[2];
  }

  isAsked(action: string, payload: unknown): void {
    this.state = asked(this.state, readFrame(Buffer.from(call(action, payload)), 'text'));
  }

  start(more: object = {}): number {
    const { transactionId } = this.calls('StartTransaction', { ...START, ...more }) as {
      transactionId: number;
    };
    return transactionId;
  }
}

export const START = { connectorId: 1, idTag: 'TAG', meterStart: 0, timestamp: '1970-01-01T00:00:00Z' };
