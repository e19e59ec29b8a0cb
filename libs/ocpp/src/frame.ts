/** Why a value is not an OCPP-J message. A table, because findings count by it. */
export const FRAME_FAULTS = [
  'not-utf8',
  'not-json',
  'truncated-json',
  'cut',
  'binary',
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

/** The codec's verdict on one frame. Every frame gets one; none throws. */
export type Frame = {
  readonly kind: FrameKind;
  /** The first element as a number, where it is one. */
  readonly messageType?: number;
  readonly messageId?: string;
  readonly action?: string;
  readonly errorCode?: string;
  readonly errorDescription?: string;
  /** The first fault, and the byte it was found at. Absent on a well-formed message. */
  readonly fault?: { readonly reason: FrameFault; readonly offset: number };
  /** JSON paths of names that one object holds twice, as `/3/idTag`. */
  readonly duplicateKeys: readonly string[];
  /** Reads the payload (error details of a CALLERROR) when asked: numbers keep their source text. */
  readonly payload?: () => JsonValue;
};

/** JSON as read: a number keeps the text it was written in, so that 2^63-1 stays itself. */
export type JsonValue = null | boolean | string | JsonNumber | readonly JsonValue[] | JsonObject;
export type JsonNumber = { readonly source: string };
/** Of duplicate names the last one counts, as in most peers; `duplicateKeys` of the frame tells of the others. */
export type JsonObject = ReadonlyMap<string, JsonValue>;
