import type { Commanded } from './asking.ts';

/** What a state means for whoever waits at a prompt. */
const STATES: Readonly<Record<string, string>> = {
  REQUESTED: 'waits to be sent',
  SENT: 'is sent; no answer yet',
  ANSWERED: 'was answered',
  ERROR: 'was answered with an error',
  UNANSWERED: 'was sent, and not answered',
  UNKNOWN: 'was sent; whether the station does it is unknown',
  EXPIRED: 'was not sent in time',
  REFUSED: 'was not sent',
};

/** What a stable word of `why` says, and what helps. */
const REASONS: Readonly<Record<string, string>> = {
  relayed: 'its CSMS answers this station: ask that one',
  'not-connected': 'the station is at no gateway',
  'not-in-time': 'its turn came too late: --expires SECONDS waits longer',
  'station-busy': 'it had not answered what it was asked before: --expires SECONDS waits longer',
  'asked-before-start': 'the gateway started after it was asked: ask again',
  'connection-closed': 'the connection it was meant for had closed',
  'recorder-died': 'the gateway ended before the answer came',
  'registration-pending': 'a station that is Pending is not asked to charge',
  'frame-too-long': 'the message is longer than CHARGEPROOF_GATEWAY_MAX_FRAME_BYTES',
  'sealed-with-another-key': 'the gateway has another key file than the API',
  'local-list-too-long': 'the list holds more tags than the station takes',
};
const SPEAKS = /^station-speaks-(.+)$/;

const inWords = (why: string): string =>
  REASONS[why] ?? why.replace(SPEAKS, 'the station speaks $1: --protocol $1');

/** What came of a command, in a line, and its id in another. */
export function commandText({ id, station, action, state, why, answer }: Commanded): string {
  const reason = why === null ? '' : ` (${inWords(why)})`;
  const said = answer === null ? '' : `: ${JSON.stringify(answer)}`;
  return `${station} ${action} ${STATES[state] ?? state}${reason}${said}\n${id}\n`;
}
