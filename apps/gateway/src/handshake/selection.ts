import type { IncomingMessage } from 'node:http';
import { PLAIN_OFFER } from './compression.ts';

/** ws selects the first of what it takes for the offer, so it is shown only what is selected. */
export function selectFor(
  { headers }: IncomingMessage,
  subprotocol: string | undefined,
  isCompressed: boolean,
): void {
  if (subprotocol === undefined) delete headers['sec-websocket-protocol'];
  else headers['sec-websocket-protocol'] = subprotocol;
  if (isCompressed) headers['sec-websocket-extensions'] = PLAIN_OFFER;
  else delete headers['sec-websocket-extensions'];
}
