import type { ConnectionId, RecordId, RunId } from './ids.ts';
import type { Sealed } from './sealed.ts';
import type { Micros } from './time.ts';

/** What a person decides, in a topic of its own: `platform.decisions` (DESIGN 4). Everything else is in `ocpp.frames`. */
export const COMMAND_TYPES = [
  'platform.command-requested.v1',
  'platform.command-sent.v1',
  'platform.command-ended.v1',
] as const;
export type CommandType = (typeof COMMAND_TYPES)[number];

/** Who may boot and charge, in the same topic. */
export const POLICY_TYPES = ['platform.id-tags-decided.v1', 'platform.registration-decided.v1'] as const;
export type PolicyType = (typeof POLICY_TYPES)[number];

export type DecisionType = CommandType | PolicyType;

/** What gateways that share a log claim of it, in `platform.decisions` too: there the order of all is one. */
export const CLAIM_TYPES = ['platform.key-named.v1', 'platform.transaction-ids-claimed.v1'] as const;
export type ClaimType = (typeof CLAIM_TYPES)[number];

/** Every type of record there is (DESIGN 3). A type ends in its version; a changed payload is a new version. */
export const RECORD_TYPES = [
  'ocpp.frame.v1',
  'ocpp.handshake-accepted.v1',
  'ocpp.handshake-refused.v1',
  'ocpp.connection-closed.v1',
  'ocpp.relay-failed.v1',
  'ocpp.gap.v1',
  'recorder.tick.v1',
  'recorder.run-started.v1',
  'recorder.run-stopped.v1',
  'recording.begun.v1',
  'recording.ended.v1',
  'station.decision.v1',
  ...COMMAND_TYPES,
  ...CLAIM_TYPES,
  'ocpp.limited.v1',
  ...POLICY_TYPES,
] as const;
export type RecordType = (typeof RECORD_TYPES)[number];

export type Direction = 'station-to-csms' | 'csms-to-station';
/** Who made the bytes. `gateway` only for what the built-in central system answers. */
export type Origin = 'station' | 'csms' | 'gateway';
export type Opcode = 'text' | 'binary';
/** Whether we saw it on a wire ourselves or were given somebody's recording. */
export type Witness = 'wire' | 'import';

/**
 * The CloudEvents 1.0 attributes of a record, extensions included. In Kafka they are headers
 * (`headers.ts`); nothing else about a record is metadata.
 */
export type Attributes = {
  readonly id: RecordId;
  /** The run that wrote it. */
  readonly source: RunId;
  readonly type: RecordType;
  readonly tenant: string;
  /** The station; absent on what a run says of itself and on a refusal that names none. */
  readonly subject?: string;
  /**
   * Receive time by the gateway's wall clock. Of an imported frame the time that its recording claims.
   * A station decision stands in its station's order at its payload's `effective`, not here.
   */
  readonly time: Micros;
  readonly witness: Witness;
  readonly connection?: ConnectionId;
  /** Per connection, both directions and every type, gapless from 0. */
  readonly sequence?: number;
  /** Microseconds since the connection opened, by a clock that never steps: durations use it. */
  readonly monotonic?: number;
  /** The negotiated subprotocol, as `ocpp1.6`. */
  readonly protocol?: string;
  readonly direction?: Direction;
  readonly origin?: Origin;
  readonly opcode?: Opcode;
  readonly sealed?: Sealed;
  /** Only on a frame above `maxFrameBytes`: `value` is its first 64 KiB, this is what the whole was. */
  readonly cut?: { readonly bytes: number; readonly sha256: string };
  /** The first append time of a record that was moved or restored; it holds over the log's own. */
  readonly loggedat?: Micros;
  /** Only on an imported frame: the time as its recording has it, whatever its form. Its id is made of this. */
  readonly claimed?: string;
  /** Only on an imported frame whose recording does not say its direction: it was inferred, and may be wrong. */
  readonly inferred?: 'direction';
};

/** A record as it is appended. `value` is the frame as it was on the wire (stand-ins apart), or JSON for all other types. */
export type ChargeRecord = {
  readonly key: string;
  readonly attributes: Attributes;
  readonly value: Uint8Array;
};

/** A place in the log. Offsets rise within a partition and may skip numbers. */
export type Position = { readonly generation: number; readonly partition: number; readonly offset: number };

/** A record as the log gives it back. */
export type LoggedRecord = ChargeRecord & {
  readonly position: Position;
  /** The log's own append time, non-decreasing per partition (or `loggedat`). */
  readonly loggedAt: Micros;
};
