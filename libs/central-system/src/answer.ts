import type { JsonObject, JsonValue } from '@chargeproof/json';
import type { Frame } from '@chargeproof/ocpp';
import type { Action, Question } from './action.ts';
import type { Circumstances } from './circumstances.ts';
import type { Dialect } from './dialect.ts';
import { unmet } from './needs.ts';
import { formFault, type Refusal, unknownAction } from './refusal.ts';
import { atLiberty, type StationState } from './station-state.ts';

export type Answered = {
  readonly state: StationState;
  /** The frame to send. None where none is due: to an answer, to what no message id can be told of, to types unknown. */
  readonly response?: string;
  /** An answer was due and none that holds can be given: the station keeps its message and sends it again. */
  readonly withheld?: true;
  /** It is an answer itself, to a CALL with that id. */
  readonly answers?: { readonly messageId: string; readonly isError: boolean };
  /** The station is registered from here on: it booted, and was accepted. */
  readonly accepts?: true;
};

/**
 * Answers one frame of a station as its central system would. Never throws. A CALL with a message id gets one
 * response with that id: a CALLRESULT, or a CALLERROR that says what is wrong with it. Of an answer it says
 * which CALL it is to; message types that the version does not know are ignored (OCPP-J 1.6, 4.1.3; 2.0.1, 4.1.3).
 * A CALL before the BootNotification is answered like any other: refusing it would cost a station that
 * reconnects without booting its status and its transactions. Who is not registered by the operator's policy is
 * refused what it may not say (OCPP-J 1.6, errata 3.10; 2.0.1, B02 and B03).
 */
export function answer(
  dialect: Dialect,
  state: StationState,
  frame: Frame,
  circumstances: Circumstances,
): Answered {
  const { kind, messageId } = frame;
  if (messageId === undefined) return { state, ...unreadable(dialect, frame) };
  if (isAnswer(kind)) return { state, answers: { messageId, isError: kind === 'call-error' } };
  if (kind !== 'call') return { state };
  const question = { payload: membersOf(frame.payload?.()), state, circumstances };
  const judged = judge(dialect, frame, question);
  if ('wrong' in judged) return { state, response: callError(dialect, messageId, judged) };
  const reply = judged.answer(question);
  if (reply === undefined) return { state, withheld: true };
  const response = JSON.stringify([3, messageId, reply.payload]);
  const after = reply.state ?? state;
  const isAccepted = frame.action === BOOT && circumstances.policy.registration.status === 'Accepted';
  return isAccepted ? { state: atLiberty(after), response, accepts: true } : { state: after, response };
}

const BOOT = 'BootNotification';

/** OCPP 1.6 and 2.0.1 have these two; what 2.1 added is no answer here. */
const isAnswer = (kind: Frame['kind']) => kind === 'call-result' || kind === 'call-error';

/** The action that answers it, or why none does. */
function judge(dialect: Dialect, frame: Frame, question: Question): Action | Refusal {
  const { action: name = '' } = frame;
  const action = dialect.actions.get(name);
  if (action?.isTransactional === true) return action;
  const fault = formFault(frame);
  if (fault !== undefined) return fault;
  if (action === undefined) return unknownAction(name, dialect);
  return unregistered(name, question) ?? unmet(action.needs, question.payload) ?? action;
}

/** A station that is Rejected boots and says nothing else; one that is Pending says what it was asked for. */
function unregistered(action: string, { state, circumstances }: Question): Refusal | undefined {
  const { status } = circumstances.policy.registration;
  if (status === 'Accepted' || action === BOOT) return undefined;
  if (status === 'Pending' && state.asked.has(action)) return undefined;
  return {
    wrong: 'unregistered',
    description: `the station is ${status}: it may boot again when its interval is over`,
  };
}

const callError = ({ codes }: Dialect, messageId: string, { wrong, description }: Refusal) =>
  JSON.stringify([4, messageId, codes[wrong], description, {}]);

/** A CALL, or what is no message at all, whose id cannot be read (OCPP-J 2.0.1, 4.2.3). */
function unreadable(dialect: Dialect, frame: Frame): Pick<Answered, 'response'> {
  const fault = formFault(frame);
  if (dialect.unreadableId === undefined || fault === undefined) return {};
  if (frame.kind !== 'call' && frame.messageType !== undefined) return {};
  return { response: callError(dialect, dialect.unreadableId, fault) };
}

const NO_MEMBERS: JsonObject = new Map();

/** An empty payload may be null (OCPP-J 1.6, 4.2.1); what is no object has no members. */
const membersOf = (payload: JsonValue | undefined): JsonObject =>
  payload instanceof Map ? (payload as JsonObject) : NO_MEMBERS;
