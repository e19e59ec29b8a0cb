import type { Clock } from '../clock.ts';
import type { Counts } from '../operations/counts.ts';
import type { Recorder } from '../run/recorder.ts';
import type { Sealer } from '../sealer.ts';
import type { Connection } from './connection.ts';
import type { FrameWriter } from './record-order.ts';

/** What all connections of a gateway have in common. */
export type ConnectionParts = {
  readonly clock: Clock;
  readonly recorder: Recorder;
  readonly writeFrame: FrameWriter;
  readonly sealer: Sealer;
  readonly counts: Counts;
  readonly maxFrameBytes: number;
  readonly maxBufferedBytes: number;
  /** 0 sends none. */
  readonly pingSeconds: number;
  readonly pingsUnanswered: number;
  /** A mistake of ours that one connection pays for. */
  readonly onBug: (error: unknown) => void;
  /** Both sockets have ended and everything is recorded or refused. */
  readonly onEnded: (connection: Connection) => void;
};
