import type { IncomingMessage } from 'node:http';
import { variableName } from '@chargeproof/config';
import { GraphQLError } from 'graphql';
import { type Access, isOwner } from '../access/bearer.ts';

/** How this API is reached. */
export type Exposed = { readonly access: Access; readonly loopbackOnly: boolean };

/**
 * Whether a request may move a charger, which is more than to read. Whoever asks has shown the token, where one
 * is set; without one the listener must be this machine's alone. A web page may not, unless it is our own: its
 * browser says where it is from (Fetch metadata, and Origin).
 * @param request undefined where it came over a socket
 * @throws GraphQLError that says what to do
 */
export function checkMayDecide(
  request: IncomingMessage | undefined,
  { access, loopbackOnly }: Exposed,
): void {
  if (request === undefined) throw forbidden('decisions are asked for over HTTP, not over a socket');
  const { authorization, origin, host = '', 'sec-fetch-site': site } = request.headers;
  if (isForeign(origin, host) || (site !== undefined && site !== 'same-origin' && site !== 'none'))
    throw forbidden('a web page of another site decides nothing here');
  if (access.token !== undefined || loopbackOnly || isOwner(access, authorization, request)) return;
  throw forbidden(
    `everybody may read here, and nobody decide: set ${variableName('api', 'token')}, and send it`,
  );
}

function isForeign(origin: string | undefined, host: string): boolean {
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host.toLowerCase();
}

const forbidden = (why: string) => new GraphQLError(why, { extensions: { code: 'FORBIDDEN' } });
