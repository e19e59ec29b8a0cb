import type { FrameObservation } from '@chargeproof/ocpp';
import { bounded, without } from '@chargeproof/ocpp';
import type { RecordId } from '@chargeproof/record';
import type { OutOfTurn } from './turns.ts';

/** What a station sends until it is taken, or its attempts are used up (OCPP 1.6, 3.7.1). */
const SENT_AGAIN: ReadonlySet<string> = new Set(['MeterValues', 'StartTransaction', 'StopTransaction']);
/** So often a station may try; TransactionMessageAttempts may say otherwise, and seldom says more. */
const ATTEMPTS = 3;

type Attempt = {
  readonly record: RecordId;
  /** Of what it says: equal for equal messages, whatever their ids. */
  readonly content: string;
  readonly times: number;
};
/** The newest message of each action that nobody has taken yet. */
export type Retries = Readonly<Record<string, Attempt>>;
export const NO_RETRIES: Retries = {};

type Followed = { readonly state: Retries; readonly breaches: readonly OutOfTurn[] };

/** A message that fails and is sent again, word for word, without end: its queue waits behind it (field S08). */
export function followRetries(state: Retries, observation: FrameObservation): Followed {
  const { frame, call, record } = observation;
  if (frame.kind === 'call' && record.attributes.direction === 'station-to-csms')
    return attempt(state, observation);
  const isTaken = frame.kind === 'call-result' && call && call.action in state;
  return { state: isTaken ? without(state, call.action) : state, breaches: [] };
}

function attempt(state: Retries, { frame, record }: FrameObservation): Followed {
  const { action } = frame;
  if (action === undefined || !SENT_AGAIN.has(action)) return { state, breaches: [] };
  const content = contentOf(action, record.value);
  const before = state[action];
  const times = before?.content === content ? before.times + 1 : 1;
  const { id } = record.attributes;
  return {
    state: { ...state, [action]: { record: id, content, times } },
    breaches:
      before === undefined || times <= ATTEMPTS
        ? []
        : [{ rule: 'rpc-retry-loop', detail: `it is sent for the ${times}th time`, other: before.record }],
  };
}

const decoder = new TextDecoder();

/** The frame from its action on: a message that is sent again may have a new id. */
function contentOf(action: string, value: Uint8Array): string {
  const text = decoder.decode(value);
  return bounded(text.slice(Math.max(0, text.indexOf(`"${action}"`))));
}
