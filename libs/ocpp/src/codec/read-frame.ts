import type { Element, JsonValue } from '@chargeproof/json';
import { decodeString, latin1, outline, readValue } from '@chargeproof/json';
import type { Frame } from '../frame.ts';
import { faultOf } from './faults.ts';
import type { Shape } from './shapes.ts';
import { PAYLOAD_FROM, SHAPES, UNKNOWN_SHAPE } from './shapes.ts';

type Building = { -readonly [Field in keyof Frame]: Frame[Field] };

/**
 * Reads one frame. Every input gets a verdict and none throws: beside a fault stands all that can still be
 * told, such as the id and action of a frame that was cut off in its payload. The payload is checked but
 * not built until asked for.
 * @param cut only the frame's beginning is here, because the whole was above the recorder's limit
 * @param known `sealed.verdict`: what the original had, where stand-ins may hide it
 */
export function readFrame(
  value: Uint8Array,
  opcode: 'text' | 'binary',
  cut = false,
  known?: { readonly reason: string; readonly offset: number },
): Frame {
  const text = latin1(value);
  const outlined = outline(text);
  const { elements, duplicateKeys } = outlined;
  const shape = shapeOf(text, elements[0]);
  const frame: Building = { kind: shape.kind, duplicateKeys };
  readElements(frame, text, elements, shape);
  const payload = payloadOf(elements, shape);
  if (payload) frame.payload = lazily(text, payload.start);
  const fault = faultOf(value, { opcode, cut, known }, outlined, shape);
  if (fault) frame.fault = fault;
  return frame;
}

/** By the message type, even one that was written as a string: that claims a kind too, and is a fault. */
function shapeOf(text: string, first: Element | undefined): Shape {
  if (first?.kind === 'number') return SHAPES[Number(sourceOf(text, first))] ?? UNKNOWN_SHAPE;
  if (first?.kind === 'string') return SHAPES[Number(stringOf(text, first) || Number.NaN)] ?? UNKNOWN_SHAPE;
  return UNKNOWN_SHAPE;
}

function readElements(frame: Building, text: string, elements: readonly Element[], shape: Shape): void {
  for (let i = 0; i < shape.elements.length; i++) {
    const element = elements[i];
    const is = shape.elements[i]?.is;
    if (element === undefined || is === undefined) return;
    if (is === 'messageType') {
      if (element.kind === 'number') frame.messageType = Number(sourceOf(text, element));
    } else if (is === 'messageId' && element.kind === 'number') frame.messageId = sourceOf(text, element);
    else if (is !== 'payload' && element.kind === 'string') frame[is] = stringOf(text, element);
  }
}

/** In its place, or where a wrong number of elements moved it: the last object behind the id. */
function payloadOf(elements: readonly Element[], { kind, elements: rules }: Shape): Element | undefined {
  if (kind === 'unknown') return undefined;
  const inPlace = elements[rules.length - 1];
  if (inPlace && elements.length === rules.length) return inPlace;
  return elements.findLast((element, index) => index >= PAYLOAD_FROM && element.kind === 'object');
}

function lazily(text: string, start: number): () => JsonValue {
  let read: JsonValue | undefined;
  return () => (read ??= readValue(text, start));
}

const sourceOf = (text: string, { start, end }: Element) => text.slice(start, end);
const stringOf = (text: string, { start, end }: Element) => decodeString(text, start + 1, end - 1);
