import type { GatewaySettings } from '../settings.ts';

/** How long a socket may take to answer our close frame before it is cut. */
const CLOSE_TIMEOUT_MILLISECONDS = 5000;

/**
 * ws must hand us what it would drop: text that is no UTF-8 is recorded and relayed as it came. Pings are answered by the
 * leg: of a peer that pings without reading ws makes an end by itself, and without a word.
 */
export const socketOptions = ({ socketLimitBytes }: Pick<GatewaySettings, 'socketLimitBytes'>) => ({
  maxPayload: socketLimitBytes,
  closeTimeout: CLOSE_TIMEOUT_MILLISECONDS,
  skipUTF8Validation: true,
  autoPong: false,
});
