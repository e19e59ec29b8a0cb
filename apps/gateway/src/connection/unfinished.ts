import type { WebSocket } from 'ws';

/** The part of ws's receiver that tells of a message that has begun and not ended. Pinned by a test. */
type Receiver = {
  readonly _state: number;
  readonly _bufferedBytes: number;
  readonly _fragments: readonly Uint8Array[];
};
const BETWEEN_FRAMES = 0;

/**
 * Bytes of a message that had begun when the socket ended. ws drops them without a word, and a record of
 * what is missing needs their number; a frame of which only the header came has 0.
 * @returns undefined when the socket ended between messages
 */
export function unfinishedBytes(socket: WebSocket): number | undefined {
  const receiver = (socket as unknown as { readonly _receiver?: Receiver | null })._receiver;
  if (receiver === undefined || receiver === null) return undefined;
  const bytes = receiver._fragments.reduce((sum, fragment) => sum + fragment.length, receiver._bufferedBytes);
  return bytes > 0 || receiver._state !== BETWEEN_FRAMES ? bytes : undefined;
}
