import type { JsonKind } from '@chargeproof/json';
import type { FrameFault, FrameKind } from '../frame.ts';

/** The elements of each message type (OCPP-J 1.6, 4.2; OCPP 2.1 part 4, 4.2 for types 5 and 6). */
export type Shape = { readonly kind: FrameKind; readonly elements: readonly ElementRule[] };
export type ElementRule = {
  readonly is: 'messageType' | 'messageId' | 'action' | 'errorCode' | 'errorDescription' | 'payload';
  readonly kinds: readonly JsonKind[];
  readonly fault: FrameFault;
};

const messageType: ElementRule = { is: 'messageType', kinds: ['number'], fault: 'message-type-not-number' };
const messageId: ElementRule = { is: 'messageId', kinds: ['string'], fault: 'message-id-not-string' };
const action: ElementRule = { is: 'action', kinds: ['string'], fault: 'action-not-string' };
/** OCPP-J 1.6, 4.2.1: an empty payload may be null. */
const payload: ElementRule = { is: 'payload', kinds: ['object', 'null'], fault: 'payload-not-object' };
const errorCode: ElementRule = { is: 'errorCode', kinds: ['string'], fault: 'error-code-not-string' };
const description: ElementRule = {
  is: 'errorDescription',
  kinds: ['string'],
  fault: 'error-description-not-string',
};
/** OCPP-J 1.6, 4.2.3: details that are empty must be `{}`. */
const details: ElementRule = { is: 'payload', kinds: ['object'], fault: 'error-details-not-object' };

export const SHAPES: readonly (Shape | undefined)[] = [
  undefined,
  undefined,
  { kind: 'call', elements: [messageType, messageId, action, payload] },
  { kind: 'call-result', elements: [messageType, messageId, payload] },
  { kind: 'call-error', elements: [messageType, messageId, errorCode, description, details] },
  { kind: 'call-result-error', elements: [messageType, messageId, errorCode, description, details] },
  { kind: 'send', elements: [messageType, messageId, action, payload] },
];

/** Of a message whose type is none of these, or none at all: only the id can be told. */
export const UNKNOWN_SHAPE: Shape = { kind: 'unknown', elements: [messageType, messageId] };

/** No payload stands before this element. */
export const PAYLOAD_FROM = 2;
