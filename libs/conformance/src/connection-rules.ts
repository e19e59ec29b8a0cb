import type { Rule, Severity } from './rules.ts';

const rule = (severity: Severity, section: string, title: string): Rule => ({
  category: 'connection',
  severity,
  section,
  title,
});

/** What a handshake's record shows: who came how, and, on the other leg, how the CSMS took it. */
export const CONNECTION_RULES = {
  'conn-subprotocol-missing': rule('error', 'J 3.1.2', 'A station says which OCPP it speaks'),
  'conn-upgrade-invalid': rule('error', 'J 2; RFC 6455, 4.2.1', 'A handshake is one of WebSocket'),
  'conn-subprotocol-unknown': rule('warning', 'J 3.1.2', 'A subprotocol is a name of OCPP'),
  'conn-subprotocol-not-agreed': rule('error', 'J 3.2', 'A CSMS selects a subprotocol that was offered'),
  'conn-identity-encoding': rule('warning', 'J 3.1.1', 'An identity stands percent-encoded in its URL'),
  'conn-identity-auth-mismatch': rule(
    'error',
    'J 6.2.2; W A00.FR.204',
    'The user of basic auth is the station',
  ),
  'conn-auth-key-weak': rule('warning', 'W A00.FR.205', 'An authorization key has 16 to 20 bytes'),
  'conn-plaintext': rule('warning', 'J 6; W 2.3', 'TLS is spoken across a public network'),
  'conn-tls-version': rule('warning', 'W A00.FR.312 to 318', 'TLS is 1.2 or later, with a sound suite'),
  'conn-client-cert-cn': rule(
    'warning',
    'W A00.FR.405',
    'A certificate names the serial number of its station',
  ),
} as const satisfies Readonly<Record<string, Rule>>;

/** Rules of the connection that no finding is made of, and why: that nothing was found of them says nothing. */
export const UNJUDGED_RULES: Readonly<Record<string, { readonly title: string; readonly why: string }>> = {
  'conn-version-mismatch-traffic': {
    title: 'Frames fit the version that was selected',
    why: 'an action of another version is found as one that its own version does not have: rpc-action-unknown',
  },
  'conn-duplicate-identity': {
    title: 'One socket of an identity at a time',
    why: 'it takes all connections of a station side by side: the question connections has their times',
  },
  'conn-half-open': {
    title: 'A socket that is given up is closed',
    why: 'it takes all connections of a station side by side: the question connections has their ends',
  },
  'conn-flapping': {
    title: 'A connection lasts',
    why: 'it is a count over an hour: the question connections has each one with its close code',
  },
  'conn-reconnect-storm': {
    title: 'A station that is refused waits longer each time',
    why: 'refusals of a flood are counted in one record, without the time of each',
  },
  'conn-ping-config': {
    title: 'Pings come as often as WebSocketPingInterval says',
    why: 'ticks tell of pings in idle connections only, and the setting may not have been asked for',
  },
  'conn-ping-unanswered': {
    title: 'A ping is answered',
    why: 'ticks count unanswered pings between two ticks, and not how long each waited',
  },
  'conn-compression-other': {
    title: 'Frames are compressed by WebSocket only',
    why: 'it is found frame by frame: rpc-binary',
  },
};
