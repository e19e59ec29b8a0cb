import type { Direction } from '@chargeproof/record';
import type { FrameKind } from '../frame.ts';
import type { CallRef } from '../observation.ts';

/** CALLs of one connection that no response was seen for, oldest first, by the direction they went. */
export type OpenCalls = Readonly<Record<Direction, readonly CallRef[]>>;

export const NO_OPEN_CALLS: OpenCalls = { 'station-to-csms': [], 'csms-to-station': [] };

/**
 * OCPP-J allows one outstanding CALL per direction; a peer that piles them up and is never answered must
 * not grow our state without end. Beyond this the oldest is forgotten: its response becomes an orphan.
 */
export const MOST_OPEN_CALLS = 256;

const OPPOSITE: Readonly<Record<Direction, Direction>> = {
  'station-to-csms': 'csms-to-station',
  'csms-to-station': 'station-to-csms',
};

/** Kinds that answer a CALL. A CALLRESULTERROR (OCPP 2.1) answers a CALLRESULT, a SEND is never answered. */
export function isResponse(kind: FrameKind): boolean {
  return kind === 'call-result' || kind === 'call-error';
}

export function withCall(open: OpenCalls, call: CallRef): OpenCalls {
  const calls = open[call.direction];
  const kept = calls.length < MOST_OPEN_CALLS ? calls : calls.slice(1);
  return { ...open, [call.direction]: [...kept, call] };
}

/**
 * Pairs a response with the most recent unanswered CALL of the same id in the opposite direction. Ids
 * are the peers' own and untrusted: one used again while open is answered newest first.
 */
export function answer(
  open: OpenCalls,
  direction: Direction,
  messageId: string | null,
): { readonly open: OpenCalls; readonly call: CallRef | null } {
  const from = OPPOSITE[direction];
  const calls = open[from];
  const index = calls.findLastIndex((call) => call.messageId === messageId);
  const call = calls[index];
  return call === undefined
    ? { open, call: null }
    : { open: { ...open, [from]: calls.toSpliced(index, 1) }, call };
}
