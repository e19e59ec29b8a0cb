import type { ConnectionId, LoggedRecord, Micros, Payloads, RecordId } from '@chargeproof/record';
import type { Frame } from './frame.ts';

/** The CALL that a response belongs to, by the rule of `correlate.ts`. */
export type CallRef = {
  readonly recordId: string;
  readonly sequence: number;
  readonly messageId: string;
  readonly action: string;
  readonly direction: 'station-to-csms' | 'csms-to-station';
  /** Effective time of the CALL. */
  readonly time: Micros;
  /** Microseconds since its connection opened: latency is the difference of two of these, on one connection. */
  readonly monotonic: number;
  /** Only of a live CALL that was answered in a recording: its connection, which is not its response's. */
  readonly connection?: ConnectionId;
};

type Seen = {
  readonly record: LoggedRecord;
  /** Effective time (DESIGN 5). */
  readonly time: Micros;
  /** The connection it belongs to; of a run's record in a station's stream, the open connection it stands for. */
  readonly connection?: ConnectionId;
};

export type FrameObservation = Seen & {
  readonly kind: 'frame';
  readonly frame: Frame;
  /** Of a response: its CALL, or null for an orphan. Absent on a CALL and on what is no message. */
  readonly call?: CallRef | null;
};

/** A record that is not a frame, with its payload read: `{ kind: 'record', type: 'recorder.tick.v1', payload: Tick, … }`. */
export type RecordObservation = {
  [Type in keyof Payloads]: Seen & {
    readonly kind: 'record';
    readonly type: Type;
    readonly payload: Payloads[Type];
  };
}[keyof Payloads];

/**
 * An imported frame that is one of the live ones (DESIGN 5, two witnesses): kept, named, and not folded
 * again. Made by the folder in place of the frame; every projection but the one that tells of it passes it over.
 */
export type SameAsObservation = Seen & {
  readonly kind: 'same-as';
  readonly sameAs: RecordId;
  /** Microseconds that the recording's clock is ahead of the gateway's. */
  readonly clockOffset: Micros;
};

/** The live frame that an imported one is. */
export type Twin = Pick<SameAsObservation, 'sameAs' | 'clockOffset'>;

/** Made by the engine when a projection's due time has passed with nothing else before it. */
export type DueObservation = { readonly kind: 'due'; readonly time: Micros };

export type Observation = FrameObservation | RecordObservation | SameAsObservation | DueObservation;
