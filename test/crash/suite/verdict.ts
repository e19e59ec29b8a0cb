import type { Seen } from '../../e2e/gateway/ends.ts';
import type { Attempt, Kill } from './ledger.ts';
import type { Stored, StoredConnection, StoredFrame, StoredGap } from './read-back.ts';

/** What the store lacks, has too often, or cannot account for; a line each, to look at. */
export type Verdict = {
  lost: number;
  doubled: number;
  unexplained: number;
  gaps: number;
  readonly lines: string[];
};

export const noVerdict = (): Verdict => ({ lost: 0, doubled: 0, unexplained: 0, gaps: 0, lines: [] });

/** What both ends of a station's connections saw, and what is said to be of it. */
export type Case = {
  readonly station: string;
  /** Whether the CSMS answers it, and not the built-in system. */
  readonly relayed: boolean;
  /** In their order. */
  readonly attempts: readonly Attempt[];
  /** What the CSMS sent and got over an attempt; absent where it never came so far, or the built-in system answered. */
  readonly central: (
    attempt: Attempt,
  ) => { readonly sent: readonly Seen[]; readonly got: readonly Seen[] } | undefined;
  readonly stored: Stored;
  readonly original: (frame: StoredFrame) => Seen | undefined;
  /** Of the gateway: what may leave a connection unknown. */
  readonly kills: readonly Kill[];
};

/** The gateway's wall clock and ours are the machine's; the gateway follows it to so many milliseconds. */
const CLOCKS_APART = 5;
/** Gaps that say that frames may be missing of a connection. */
const EXPLAINS = new Set(['unclean-start', 'frames', 'bytes', 'connections']);
/** Gaps that say that the log itself lacks records: nothing that a kill may cause. */
const OF_THE_LOG = new Set(['sequence', 'count', 'parked']);

/** Compares a station's ledger with what the store says of it. */
export function judge(one: Case, verdict: Verdict): void {
  const { stored, attempts } = one;
  const connectionOf = matched(one, verdict);
  const framesOf = Map.groupBy(stored.frames, ({ connection }) => connection);
  for (const attempt of attempts) {
    const connection = connectionOf.get(attempt);
    const frames = connection === undefined ? [] : (framesOf.get(connection.id) ?? []);
    if (attempt.opened !== undefined && connection === undefined)
      tell(verdict, 'lost', 1, `${one.station}: attempt ${attempt.number} was open and is not there`);
    judgeAttempt(one, attempt, { frames, gaps: gapsOf(stored, connection) }, verdict);
  }
  const ids = new Set(stored.frames.map(({ id }) => id));
  tell(verdict, 'doubled', stored.frames.length - ids.size, `${one.station}: a record more than once`);
  judgeGaps(one, connectionOf, verdict);
}

const gapsOf = ({ gaps }: Stored, connection: StoredConnection | undefined) =>
  gaps.filter(
    (gap) => EXPLAINS.has(gap.kind) && gap.connection !== null && gap.connection === connection?.id,
  );

/** A station has one connection after the other, so the time at which one opened tells which it is. */
function matched({ station, attempts, stored }: Case, verdict: Verdict): Map<Attempt, StoredConnection> {
  const found = new Map<Attempt, StoredConnection>();
  for (const connection of stored.connections) {
    const opened = Date.parse(connection.openedAt);
    const attempt = attempts.findLast(({ begun }) => begun <= opened + CLOCKS_APART);
    if (attempt === undefined || found.has(attempt))
      tell(verdict, 'unexplained', 1, `${station}: connection ${connection.id} is of no attempt`);
    else found.set(attempt, connection);
  }
  return found;
}

type Known = { readonly frames: readonly StoredFrame[]; readonly gaps: readonly StoredGap[] };

function judgeAttempt(one: Case, attempt: Attempt, { frames, gaps }: Known, verdict: Verdict): void {
  const central = one.central(attempt);
  const inOrder = frames.toSorted((a, b) => Number(a.sequence) - Number(b.sequence));
  const stored = (direction: StoredFrame['direction']) =>
    inOrder.filter((frame) => frame.direction === direction).map(one.original);
  const name = `${one.station}: attempt ${attempt.number}`;
  judgeWay(
    {
      name: `${name}, to the CSMS`,
      sent: attempt.sent.map(({ frame }) => frame),
      proven: Math.max(attempt.proven, central?.got.length ?? 0),
      stored: stored('STATION_TO_CSMS'),
      mayBeMissing: (index) =>
        gaps.some((gap) => holds(gap, attempt.sent[index]?.at ?? attempt.begun, attempt.ended)),
    },
    verdict,
  );
  judgeWay(
    {
      name: `${name}, to the station`,
      // The built-in system keeps no ledger: of its answers those are known that came.
      sent: one.relayed ? (central?.sent ?? []) : attempt.got,
      proven: attempt.got.length,
      stored: stored('CSMS_TO_STATION'),
      mayBeMissing: () => gaps.some((gap) => holds(gap, attempt.begun, attempt.ended)),
      sendsMore: !one.relayed,
    },
    verdict,
  );
}

/** Whether a frame can have been received within a gap: between its sending and the end of its connection. */
const holds = ({ from, to }: StoredGap, sentAt: number, ended = Infinity) =>
  Date.parse(from) <= ended + CLOCKS_APART && Date.parse(to) >= sentAt - CLOCKS_APART;

type Way = {
  readonly name: string;
  readonly sent: readonly Seen[];
  /** So many, from the first, left the gateway or were answered: they must be there. */
  readonly proven: number;
  readonly stored: readonly (Seen | undefined)[];
  /** Whether a gap names a frame that is not there. */
  readonly mayBeMissing: (index: number) => boolean;
  /** The sender may have sent more than `sent`. */
  readonly sendsMore?: boolean;
};

/** A socket keeps its order, so what is stored must be the beginning of what was sent, byte for byte. */
function judgeWay({ name, sent, proven, stored, mayBeMissing, sendsMore }: Way, verdict: Verdict): void {
  const other = stored.findIndex((frame, index) => index < sent.length && frame !== sent[index]);
  if (other >= 0) tell(verdict, 'unexplained', 1, `${name}: frame ${other} is another than was sent`);
  if (stored.length < proven)
    tell(verdict, 'lost', proven - stored.length, `${name}: ${stored.length} of ${proven} frames`);
  if (stored.length > sent.length && sendsMore !== true)
    tell(
      verdict,
      'doubled',
      stored.length - sent.length,
      `${name}: ${stored.length} for ${sent.length} frames`,
    );
  const missing = sent.slice(Math.max(stored.length, proven));
  const silent = missing.filter((_, index) => !mayBeMissing(Math.max(stored.length, proven) + index));
  tell(verdict, 'unexplained', silent.length, `${name}: frames are missing and no gap says so`);
}

/** A gap must be of a connection that a kill found open or being opened, and that kill must lie in it. */
function judgeGaps(
  { station, stored, kills }: Case,
  connectionOf: ReadonlyMap<Attempt, StoredConnection>,
  verdict: Verdict,
): void {
  const attemptOf = new Map([...connectionOf].map(([attempt, { id }]) => [id, attempt]));
  for (const gap of stored.gaps) {
    if (EXPLAINS.has(gap.kind)) verdict.gaps += 1;
    if (OF_THE_LOG.has(gap.kind)) tell(verdict, 'unexplained', 1, `${station}: a gap of kind ${gap.kind}`);
    if (gap.kind !== 'unclean-start') continue;
    const attempt = attemptOf.get(gap.connection ?? '');
    const isOfAKill = kills.some(
      ({ at, gone = at }) =>
        attempt !== undefined &&
        attempt.begun <= gone &&
        (attempt.ended ?? Infinity) >= at - CLOCKS_APART &&
        Date.parse(gap.from) <= gone + CLOCKS_APART &&
        Date.parse(gap.to) >= at - CLOCKS_APART,
    );
    if (!isOfAKill) tell(verdict, 'unexplained', 1, `${station}: an unclean start that no kill explains`);
  }
}

function tell(verdict: Verdict, what: 'lost' | 'doubled' | 'unexplained', count: number, line: string): void {
  if (count <= 0) return;
  verdict[what] += count;
  verdict.lines.push(`${what} ${count}: ${line}`);
}
