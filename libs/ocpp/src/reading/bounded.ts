import { createHash } from 'node:crypto';

const LONGEST = 128;
const KEPT = 64;

/**
 * A word of a peer's as our state and columns hold it. OCPP allows ids of 36 characters and short names,
 * but a frame may hold megabytes in their place: of those the beginning is kept, and a hash so that
 * equal ones stay equal. The frame itself keeps the whole.
 * @param longest how many UTF-16 units are kept as they are
 */
export function bounded(text: string, longest = LONGEST): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, KEPT)}…${createHash('sha256').update(text).digest('hex')}`;
}
