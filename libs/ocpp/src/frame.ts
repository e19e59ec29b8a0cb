import type { JsonValue } from '@chargeproof/json';

export type { JsonNumber, JsonObject, JsonValue } from '@chargeproof/json';

/**
 * Why a value is not an OCPP-J message: a table, because findings count by it. A frame has one fault, the
 * first in the order of this table: what breaks the frame as a whole stands before what breaks one element.
 */
export const FRAME_FAULTS = [
  'cut',
  'binary',
  'not-utf8',
  'not-json',
  'truncated-json',
  'too-deep',
  'not-array',
  'empty-array',
  'message-type-not-number',
  'message-type-unknown',
  'wrong-length',
  'message-id-not-string',
  'action-not-string',
  'payload-not-object',
  'error-code-not-string',
  'error-description-not-string',
  'error-details-not-object',
] as const;
export type FrameFault = (typeof FRAME_FAULTS)[number];

/** What the frame claims to be, as far as it can be told; a fault beside it says where it breaks the form. */
export type FrameKind = 'call' | 'call-result' | 'call-error' | 'call-result-error' | 'send' | 'unknown';

/** A fault and the byte it was found at: of what the codec was given, and from `frameOf` as on the wire. */
export type FrameVerdict = { readonly reason: FrameFault; readonly offset: number };

/** The codec's verdict on one frame. Every frame gets one; none throws. */
export type Frame = {
  readonly kind: FrameKind;
  /** The first element as a number, where it is one. */
  readonly messageType?: number;
  /** As written, blanks included; of an id that is a number, its source text (with its fault). */
  readonly messageId?: string;
  readonly action?: string;
  readonly errorCode?: string;
  readonly errorDescription?: string;
  /** Absent on a well-formed message. */
  readonly fault?: FrameVerdict;
  /** JSON pointers of names that one object holds twice, as `/3/idTag`. */
  readonly duplicateKeys: readonly string[];
  /** Reads the payload (error details of a CALLERROR) when asked: numbers keep their source text. */
  readonly payload?: () => JsonValue;
};
