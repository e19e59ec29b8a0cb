import type { Frame, FrameFault } from '@chargeproof/ocpp';
import type { Dialect } from './dialect.ts';

/** What may be wrong with a message here; each version of OCPP has its own words for it. */
export type Wrong =
  | 'frame'
  | 'payload'
  | 'incomplete'
  | 'missing'
  | 'type'
  | 'value'
  | 'unknown'
  | 'for-stations'
  | 'unregistered';

export type Refusal = { readonly wrong: Wrong; readonly description: string };

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
  const isIncomplete = fault.reason === 'wrong-length' && action !== undefined && payload === undefined;
  if (isIncomplete) return { wrong: 'incomplete', description };
  return { wrong: fault.reason === 'payload-not-object' ? 'payload' : 'frame', description };
}

/** An action's name may be as long as a frame; a description has 255 characters. */
const NAMED_CHARACTERS = 50;

export function unknownAction(action: string, { name: version, isForStations }: Dialect): Refusal {
  const name = action.slice(0, NAMED_CHARACTERS);
  return isForStations(action)
    ? { wrong: 'for-stations', description: `${name} is for stations` }
    : { wrong: 'unknown', description: `${name} is no action of ${version}` };
}
