import type { JsonValue } from '@chargeproof/json';
import type { Frame } from '../frame.ts';

/** What may stand where a member is looked for: `undefined` is none, or nothing that could have one. */
export type Maybe = JsonValue | undefined;

/** A frame's payload; of a CALLERROR its details. `undefined` where it has none that is JSON. */
export const payloadIn = (frame: Frame): Maybe => frame.payload?.();

/** `member(payload, 'idTagInfo', 'status')`: what stands there, whatever it is. Names are told apart by case. */
export function member(payload: Maybe, ...path: readonly string[]): Maybe {
  let found = payload;
  for (const name of path) found = found instanceof Map ? (found.get(name) as Maybe) : undefined;
  return found;
}

/** The items of a list; none of anything else. */
export function itemsOf(value: Maybe): readonly JsonValue[] {
  return isList(value) ? value : [];
}

const isList = (value: Maybe): value is readonly JsonValue[] => Array.isArray(value);
