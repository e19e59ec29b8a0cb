import type { JsonObject, JsonValue } from '@chargeproof/json';
import type { Frame } from '@chargeproof/ocpp';
import { type Action, ACTIONS } from './actions.ts';
import type { Circumstances } from './circumstances.ts';
import { unmet } from './needs.ts';
import { formFault, type Refusal, unknownAction } from './refusal.ts';
import type { StationState } from './station-state.ts';

export type Answered = {
  readonly state: StationState;
  /** The frame to send. None where none is due: to an answer, to what no message id can be told of, to types unknown. */
  readonly response?: string;
  /** An answer was due and none that holds can be given: the station keeps its message and sends it again. */
  readonly withheld?: true;
  /** It is an answer itself, to a CALL with that id. */
  readonly answers?: { readonly messageId: string; readonly isError: boolean };
};

/**
 * Answers one frame of an OCPP 1.6 station as its central system would. Never throws. A CALL with a message id
 * gets one response with that id: a CALLRESULT, or a CALLERROR that says what is wrong with it. Of an answer it
 * says which CALL it is to; message types that 1.6 does not know are ignored (OCPP-J 1.6, 4.1.3).
 * A CALL before the BootNotification is answered like any other: refusing it would cost a station that
 * reconnects without booting its status and its transactions.
 */
export function answer(state: StationState, frame: Frame, circumstances: Circumstances): Answered {
  const { kind, messageId } = frame;
  if (messageId === undefined) return { state };
  if (isAnswer(kind)) return { state, answers: { messageId, isError: kind === 'call-error' } };
  if (kind !== 'call') return { state };
  const payload = membersOf(frame.payload?.());
  const judged = judge(frame, payload);
  if ('code' in judged) return { state, response: callError(messageId, judged) };
  const reply = judged.answer({ payload, state, circumstances });
  if (reply === undefined) return { state, withheld: true };
  return { state: reply.state ?? state, response: JSON.stringify([3, messageId, reply.payload]) };
}

/** OCPP 1.6 has these two; what 2.1 added is no answer here. */
const isAnswer = (kind: Frame['kind']) => kind === 'call-result' || kind === 'call-error';

/** The action that answers it, or why none does. */
function judge(frame: Frame, payload: JsonObject): Action | Refusal {
  const action = frame.action === undefined ? undefined : ACTIONS.get(frame.action);
  if (action?.isTransactional === true) return action;
  const fault = formFault(frame);
  if (fault !== undefined) return fault;
  if (action === undefined) return unknownAction(frame.action ?? '');
  return unmet(action.needs, payload) ?? action;
}

const callError = (messageId: string, { code, description }: Refusal) =>
  JSON.stringify([4, messageId, code, description, {}]);

const NO_MEMBERS: JsonObject = new Map();

/** An empty payload may be null (OCPP-J 1.6, 4.2.1); what is no object has no members. */
const membersOf = (payload: JsonValue | undefined): JsonObject =>
  payload instanceof Map ? (payload as JsonObject) : NO_MEMBERS;
