import { type LogEntry, logLevel } from 'kafkajs';

/**
 * What kafkajs calls a warning or an error and is how things go: for each line, when it comes. A failure that
 * matters comes back as a rejection, so nothing is lost with its line.
 */
const NORMAL: readonly RegExp[] = [
  // A member joins, leaves or was killed: every other one is told so, once for each request under way.
  /group is rebalancing|re-joining|not aware of this member|not the correct coordinator/i,
  // The first questions to a broker that has just started, and the first join of a member.
  /coordinator is (not available|loading)|not available|member id|MEMBER_ID_REQUIRED/i,
  // Topics are being made, perhaps by two processes that start at once.
  /already exists|does not host this topic-partition/i,
  // The brokers do not know us: told by what asked, with the settings to look at.
  /authentication failed|current SASL state/i,
  // Told by `failed`, with its reason, where it does not start again.
  /^Crash:|^Restarting the consumer/,
  // A broker went away or another one leads: tried again, and told when that has gone on for too long.
  /Connection (error|timeout)|Closed connection|Failed to (connect|send messages)|not the leader|no leader for/i,
];

/** Passes on in one line what is not among {@link NORMAL}. */
export function quietLog(tell: (line: string) => void): () => (entry: LogEntry) => void {
  return () =>
    ({ level, namespace, log }) => {
      if (level > logLevel.WARN) return;
      const line = [log.message, log.error].filter((word) => typeof word === 'string').join(': ');
      if (!NORMAL.some((normal) => normal.test(line))) tell(`kafkajs ${namespace}: ${line}`);
    };
}
