import type { LoggedRecord, Micros } from '@chargeproof/record';
import { openedAt } from '@chargeproof/record';
import type { RecordingSpan } from '../projection.ts';
import { LARGEST_OFFSET, TOLERANCE } from './clock-offset.ts';
import type { Item } from './item.ts';

/** So far from a recording's frame, in microseconds, the live one may stand that it is. */
export const REACH: Micros = LARGEST_OFFSET + TOLERANCE;

/** Beyond so many spans the two oldest are taken for one, which holds both and what lies between them. */
const MOST_SPANS = 64;

/** @param items of one recording, in their order; at least one */
export function spanOf(items: readonly Item[]): RecordingSpan {
  const [first, last] = [items[0], items.at(-1)];
  const imported = openedAt(first?.record.attributes.source ?? '');
  return {
    from: first?.place.time ?? 0,
    to: last?.place.time ?? 0,
    imported: Number.isNaN(imported) ? null : imported,
  };
}

/** Whether a live frame of that effective time may be one of the recording's: no later one than the import itself. */
export function mayHold({ from, to, imported }: RecordingSpan, time: Micros): boolean {
  return time >= from - REACH && time <= Math.min(to + REACH, imported ?? Infinity);
}

/** The very same list where there is none to add. */
export function withSpans(
  before: readonly RecordingSpan[],
  spans: readonly RecordingSpan[],
): readonly RecordingSpan[] {
  const all = [...before];
  for (const span of spans) {
    const [oldest, next] = all;
    if (all.length >= MOST_SPANS && oldest && next) all.splice(0, 2, both(oldest, next));
    all.push(span);
  }
  return spans.length === 0 ? before : all;
}

function both(a: RecordingSpan, b: RecordingSpan): RecordingSpan {
  const imported = a.imported === null || b.imported === null ? null : Math.max(a.imported, b.imported);
  return { from: Math.min(a.from, b.from), to: Math.max(a.to, b.to), imported };
}

export const isLiveFrame = ({ attributes: { type, witness } }: LoggedRecord) =>
  type === 'ocpp.frame.v1' && witness === 'wire';
