/** What goes into a close frame: nothing at all, or a code with a reason of at most 123 bytes. */
export type CloseFrame = { readonly code?: number; readonly reason?: Uint8Array | string };

export const CLOSE = {
  goingAway: 1001,
  protocolError: 1002,
  noCode: 1005,
  noFrame: 1006,
  policy: 1008,
  tooBig: 1009,
  internal: 1011,
  tryAgainLater: 1013,
  badGateway: 1014,
  noTls: 1015,
} as const;

/** The reason that goes with 1013. */
export const CANNOT_RECORD = 'the recorder cannot record';

/** The reason that a station is told with 1008, and its CSMS with 1001. */
export const REPLACED = 'the station came again over another socket';

/**
 * The close frame that hands one side's close on to the other. 1005 says that the frame had no code, so
 * ours has none either. 1006 and 1015 never stand in a frame (RFC 6455, 7.4.1): the socket just ended,
 * and for the other side that is a peer that went away.
 */
export function relayedClose(code: number, reason: Uint8Array): CloseFrame {
  if (code === CLOSE.noCode) return {};
  if (code === CLOSE.noFrame || code === CLOSE.noTls || !mayStandInAFrame(code)) {
    return { code: CLOSE.goingAway, reason: `the other side ended with ${code}` };
  }
  return { code, reason };
}

function mayStandInAFrame(code: number): boolean {
  if (code >= 3000) return code <= 4999;
  return code >= 1000 && code <= 1014 && code !== 1004 && code !== CLOSE.noCode && code !== CLOSE.noFrame;
}
