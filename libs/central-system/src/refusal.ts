import { ACTIONS_16, type Frame, type FrameFault } from '@chargeproof/ocpp';

/** The error codes of OCPP-J 1.6, table 7, that a message can earn here. Two of them are spelled as the document spells them. */
export type ErrorCode =
  | 'NotImplemented'
  | 'NotSupported'
  | 'ProtocolError'
  | 'FormationViolation'
  | 'PropertyConstraintViolation'
  | 'OccurenceConstraintViolation'
  | 'TypeConstraintViolation';

export type Refusal = { readonly code: ErrorCode; readonly description: string };

/** What one fault of a frame's form is called; all others are said as the codec names them. */
const DESCRIPTIONS: Partial<Record<FrameFault, string>> = {
  binary: 'a message is a text frame',
  'not-utf8': 'a message is UTF-8',
  'wrong-length': 'a CALL has four elements',
  'message-id-not-string': 'the message id is no string',
  'message-type-not-number': 'the message type is no number',
  'action-not-string': 'the action is no string',
  'payload-not-object': 'the payload is no object',
};

/** Of a CALL whose form is broken. One that only ends too early is incomplete, which is another code. */
export function formFault({ fault, action, payload }: Frame): Refusal | undefined {
  if (fault === undefined) return undefined;
  const description = DESCRIPTIONS[fault.reason] ?? `${fault.reason} at byte ${fault.offset}`;
  const incomplete = fault.reason === 'wrong-length' && action !== undefined && payload === undefined;
  return { code: incomplete ? 'ProtocolError' : 'FormationViolation', description };
}

/** An action's name may be as long as a frame; a description has 255 characters. */
const NAMED_CHARACTERS = 50;

export function unknownAction(action: string): Refusal {
  const name = action.slice(0, NAMED_CHARACTERS);
  return ACTIONS_16.get(action) === 'csms-to-station'
    ? { code: 'NotSupported', description: `${name} is for stations` }
    : { code: 'NotImplemented', description: `${name} is no action of OCPP 1.6` };
}
