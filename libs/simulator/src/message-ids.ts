import type { Random } from './random.ts';
import type { Habits } from './device/profile.ts';

/** Message ids in the manner of a device; the same chance gives the same ones. A counter begins again when asked for anew. */
export function messageIds(style: Habits['messageIds'], random: Random): () => string {
  if (style === 'uuid') return () => uuid(random);
  let last = 0;
  return () => String(++last);
}

/** RFC 9562, version 4, but for its chance. */
function uuid(random: Random): string {
  const hex = (digits: number) =>
    Array.from({ length: digits }, () => random.between(0, 15).toString(16)).join('');
  return `${hex(8)}-${hex(4)}-4${hex(3)}-${random.pick(['8', '9', 'a', 'b'])}${hex(3)}-${hex(12)}`;
}
