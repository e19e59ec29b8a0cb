import type { Element, JsonFault, Outline } from '@chargeproof/json';
import { utf8FaultAt } from '@chargeproof/json';
import type { FrameFault, FrameVerdict } from '../frame.ts';
import { FRAME_FAULTS } from '../frame.ts';
import type { Shape } from './shapes.ts';
import { UNKNOWN_SHAPE } from './shapes.ts';

export type Circumstances = {
  readonly opcode: 'text' | 'binary';
  readonly cut: boolean;
  /** What sealing took down of the original. */
  readonly known: { readonly reason: string; readonly offset: number } | undefined;
};

const JSON_FAULTS: Readonly<Record<JsonFault['reason'], FrameFault>> = {
  truncated: 'truncated-json',
  wrong: 'not-json',
  'too-deep': 'too-deep',
};
const REASONS: ReadonlySet<string> = new Set(FRAME_FAULTS);

/** The first fault in the order of FRAME_FAULTS. */
export function faultOf(
  value: Uint8Array,
  circumstances: Circumstances,
  outlined: Outline,
  shape: Shape,
): FrameVerdict | undefined {
  return (
    transportFault(value, circumstances) ??
    knownFault(circumstances) ??
    textFault(value, outlined.fault) ??
    arrayFault(outlined, shape) ??
    elementFault(outlined.elements, shape)
  );
}

function transportFault(value: Uint8Array, { cut, opcode }: Circumstances): FrameVerdict | undefined {
  if (cut) return { reason: 'cut', offset: value.length };
  return opcode === 'binary' ? { reason: 'binary', offset: 0 } : undefined;
}

function knownFault({ known }: Circumstances): FrameVerdict | undefined {
  if (known === undefined) return undefined;
  const { reason, offset } = known;
  return { reason: REASONS.has(reason) ? (reason as FrameFault) : 'not-json', offset };
}

function textFault(value: Uint8Array, fault: JsonFault | undefined): FrameVerdict | undefined {
  const offset = utf8FaultAt(value);
  if (offset >= 0) return { reason: 'not-utf8', offset };
  return fault && { reason: JSON_FAULTS[fault.reason], offset: fault.offset };
}

function arrayFault({ root, elements }: Outline, shape: Shape): FrameVerdict | undefined {
  const [first] = elements;
  if (root?.kind !== 'array') return { reason: 'not-array', offset: root?.start ?? 0 };
  if (first === undefined) return { reason: 'empty-array', offset: root.start };
  if (first.kind !== 'number') return { reason: 'message-type-not-number', offset: first.start };
  if (shape === UNKNOWN_SHAPE) return { reason: 'message-type-unknown', offset: first.start };
  if (elements.length === shape.elements.length) return undefined;
  const extra = elements[shape.elements.length];
  return { reason: 'wrong-length', offset: extra?.start ?? root.end - 1 };
}

function elementFault(elements: readonly Element[], shape: Shape): FrameVerdict | undefined {
  for (let i = 0; i < elements.length; i++) {
    const element = elements[i];
    const rule = shape.elements[i];
    if (element && rule && !rule.kinds.includes(element.kind)) {
      return { reason: rule.fault, offset: element.start };
    }
  }
  return undefined;
}
