import type { KeyNamed, TransactionIdsClaimed } from './claims.ts';
import type { CommandEnded, CommandRequested, CommandSent } from './commands.ts';
import type { ConnectionId, RunId } from './ids.ts';
import type { IdTagsDecided, RegistrationDecided } from './policy.ts';
import type { Micros } from './time.ts';

/** The JSON values of all records that are not frames, one type a record type. */

export type Leg = 'station' | 'upstream';

/** What is kept of a credential: enough to answer "did it send one, and of what form", never the credential. */
export type CredentialForm = {
  readonly scheme: string;
  readonly userName?: string;
  readonly form?: 'text' | 'hex' | 'binary';
  readonly bytes?: number;
};

export type TlsFacts = {
  readonly version: string;
  readonly cipher: string;
  readonly certificateSubject?: string;
};

type Handshake = {
  readonly leg: Leg;
  /** Path and query as on the wire, secrets sealed. */
  readonly rawPath: string;
  readonly headerNames: readonly string[];
  readonly offeredSubprotocols: readonly string[];
  readonly offeredExtensions?: string;
  /** Where the station is, or the CSMS. Behind a proxy, what that proxy said of it. */
  readonly remoteAddress?: string;
  /** The socket's other end where that was a trusted proxy: TLS and all else of the socket is with it. */
  readonly proxyAddress?: string;
  readonly tls?: TlsFacts;
  readonly credential?: CredentialForm;
  /** The previous connection of this station that this run knows; null says unknown. On the connection's first record. */
  readonly previousConnection?: ConnectionId | null;
  /** Microseconds since the run started, when the connection opened: places the run's ticks in this connection's order. */
  readonly runMonotonic: number;
};

export type HandshakeAccepted = Handshake & {
  readonly selectedSubprotocol?: string;
  readonly selectedExtensions?: string;
};

export type HandshakeRefused = Handshake & {
  readonly status: number;
  /** A stable word for counting: `unknown-tenant`, `browser`, `no-subprotocol`, `upstream-refused`, … */
  readonly reason: string;
  readonly detail?: string;
  /** How many refusals this record stands for, when a flood is counted in one. */
  readonly count?: number;
};

export type ConnectionClosed = {
  /** As on the wire; 1005 where there was none, 1006 where the socket just ended. */
  readonly code: number;
  readonly reason: string;
  readonly by: 'station' | 'csms' | 'gateway';
};

export type RelayFailed = {
  readonly leg: Leg;
  readonly reason: string;
  /** Sequences recorded but not passed on. */
  readonly sequences?: readonly number[];
};

export type Gap = {
  readonly missing: 'frames' | 'bytes' | 'connections';
  /** null: unknown. */
  readonly count: number | null;
  readonly reason: string;
  readonly direction?: 'station-to-csms' | 'csms-to-station';
};

/**
 * A station sent more than it may, so its socket was not read for a while: nothing is missing, it came late. One for
 * each tick in which that was so, and one at the connection's end.
 */
export type Limited = {
  readonly direction: 'station-to-csms';
  /** Frames and pings that it may send in the long run. */
  readonly perSecond: number;
  /** From the first pause to the end of the last, in microseconds since the connection opened, as `monotonic` has it. */
  readonly from: number;
  readonly to: number;
  /** How many pauses began, and for how long it was not read in all, in microseconds. */
  readonly pauses: number;
  readonly paused: number;
};

/** The pings of one leg since the run's last tick: the peer's own, and ours. Gaps and times in microseconds. */
export type LegPings = {
  readonly seen: number;
  /** Between two pings seen; the first one's gap reaches back over the tick. Absent where there was none. */
  readonly shortestGap?: number;
  readonly longestGap?: number;
  readonly sent: number;
  readonly unanswered: number;
  /** Of the last answered ping, however long ago. */
  readonly roundTrip?: number;
};

/** An open connection that sent and got no frame since the run's last tick. */
export type IdleConnection = {
  readonly connection: ConnectionId;
  readonly lastSequence: number;
  /** Pings end at the gateway, so each leg has its own; absent where that leg is not there. */
  readonly pings: Readonly<Partial<Record<Leg, LegPings>>>;
};

/** What a run says of one partition every `tickSeconds`: it is alive, and what it appended there. */
export type Tick = {
  readonly run: RunId;
  /** Counts the run's ticks to this partition, from 0. */
  readonly ordinal: number;
  /** Microseconds since the run started. */
  readonly monotonic: number;
  /** The host's clock offset in microseconds, where it knows it: what is to be added to its clock, above 0 it is slow. */
  readonly clockOffset?: number;
  /** It may be wrong by so many microseconds. */
  readonly clockUncertainty?: number;
  /** How many microseconds ago it was measured. */
  readonly clockAge?: number;
  readonly tickSeconds: number;
  /** Records this run appended to this partition since its last tick there, ticks not counted. */
  readonly appended: number;
  /** Open connections of this partition without a frame since the last tick. */
  readonly idle: readonly IdleConnection[];
};

export type RunStarted = {
  readonly run: RunId;
  readonly software: string;
  readonly tickSeconds: number;
  /** Absent: each frame was durable before it went on. `beside-relay`: frames did not wait for that. */
  readonly record?: 'beside-relay';
  /** The previous run of the same data folder. */
  readonly previous?: { readonly run: RunId; readonly endedCleanly: boolean };
};

export type RunStopped = {
  readonly run: RunId;
  readonly reason: string;
  readonly monotonic: number;
  /** How many ticks the run wrote before, of which the last counts all that came before this. Absent: none does. */
  readonly ticks?: number;
};

export type RecordingBegun = {
  readonly format: string;
  readonly file: string;
  readonly sha256: string;
  readonly zone?: string;
};
export type RecordingEnded = { readonly frames: number; readonly from?: Micros; readonly to?: Micros };

/** A person's decision that changes one station's fold (DESIGN 5). */
export type StationDecision = {
  readonly who: string;
  readonly why: string;
  readonly supersedes?: string;
  /** From when it holds: its place in effective order. */
  readonly effective: Micros;
  readonly decision: { readonly kind: string; readonly [member: string]: unknown };
};

/** Record type → the JSON its value holds. */
export type Payloads = {
  readonly 'ocpp.handshake-accepted.v1': HandshakeAccepted;
  readonly 'ocpp.handshake-refused.v1': HandshakeRefused;
  readonly 'ocpp.connection-closed.v1': ConnectionClosed;
  readonly 'ocpp.relay-failed.v1': RelayFailed;
  readonly 'ocpp.gap.v1': Gap;
  readonly 'ocpp.limited.v1': Limited;
  readonly 'recorder.tick.v1': Tick;
  readonly 'recorder.run-started.v1': RunStarted;
  readonly 'recorder.run-stopped.v1': RunStopped;
  readonly 'recording.begun.v1': RecordingBegun;
  readonly 'recording.ended.v1': RecordingEnded;
  readonly 'station.decision.v1': StationDecision;
  readonly 'platform.command-requested.v1': CommandRequested;
  readonly 'platform.command-sent.v1': CommandSent;
  readonly 'platform.command-ended.v1': CommandEnded;
  readonly 'platform.id-tags-decided.v1': IdTagsDecided;
  readonly 'platform.registration-decided.v1': RegistrationDecided;
  readonly 'platform.key-named.v1': KeyNamed;
  readonly 'platform.transaction-ids-claimed.v1': TransactionIdsClaimed;
};

const utf8Decoder = new TextDecoder();
const utf8Encoder = new TextEncoder();

/** Reads the value of a record of that type. @throws SyntaxError where it is not JSON: such a record is not ours. */
export function readPayload<Type extends keyof Payloads>(_type: Type, value: Uint8Array): Payloads[Type] {
  return JSON.parse(utf8Decoder.decode(value)) as Payloads[Type];
}

export function writePayload<Type extends keyof Payloads>(_type: Type, payload: Payloads[Type]): Uint8Array {
  return utf8Encoder.encode(JSON.stringify(payload));
}
