/** What can be wrong with how brokers are reached, apart from their being away. */
export type Fault = 'credentials' | 'mechanism' | 'authority' | 'identity' | 'certificate' | 'speech';

/**
 * A fault and the words by which it is known: brokers' and OpenSSL's own, because kafkajs keeps no code of them.
 * The first that fits counts.
 */
const WORDS: readonly (readonly [RegExp, Fault])[] = [
  [/mechanism.*(not supported|not enabled)|not support.*mechanism/i, 'mechanism'],
  [/SASL \S+( SHA\d+)? authentication failed/i, 'credentials'],
  [/does not match certificate's altnames/i, 'identity'],
  [/alert (bad certificate|unknown ca|certificate \w+)/i, 'certificate'],
  [/self.signed certificate|unable to (get|verify)|certificate (has expired|is not yet)/i, 'authority'],
  [/wrong version number|packet length too long|current SASL state/i, 'speech'],
  // One side speaks TLS or says who it is, and the other does not: the connection just ends.
  [/Closed connection|Connection closed by the server|socket disconnected before secure/i, 'speech'],
];

/** @param reason in kafkajs' words */
export const faultOf = (reason: string): Fault | undefined =>
  WORDS.find(([words]) => words.test(reason))?.[1];
