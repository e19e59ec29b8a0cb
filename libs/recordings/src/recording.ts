import { hash } from 'node:crypto';
import {
  type Attributes,
  type ChargeRecord,
  type ConnectionId,
  connectionId,
  type Direction,
  type Micros,
  type Origin,
  recordId,
  recordKey,
  type RecordId,
  type RunId,
  type Sealer,
  type Subject,
  writePayload,
} from '@chargeproof/record';
import type { Turn } from './conversation.ts';
import type { RecordedFrame } from './reader.ts';
import { EffectiveTimes } from './time.ts';

export type RecordingOf = {
  readonly subject: Subject;
  readonly file: {
    readonly format: string;
    readonly file: string;
    readonly sha256: string;
    readonly zone?: string;
  };
  /** The import itself; it has no run-started record and no ticks. */
  readonly run: RunId;
  /** Counts the recordings of the import, from 0. */
  readonly ordinal: number;
  readonly importedAt: Micros;
  /** Effective time of the station's first frame in the file. */
  readonly opened: Micros;
  readonly sealer: Sealer;
};

/** A frame's place in its recording. */
export type Place = {
  /** From 1. */
  readonly sequence: number;
  readonly effective: Micros;
  /** As claimed, where that can be read. */
  readonly claimed: Micros | undefined;
};

/** A frame above this is kept as a gateway keeps one: its beginning, its length and its SHA-256. */
const MOST_FRAME_BYTES = 4 * 1024 * 1024;
const CUT_BYTES = 64 * 1024;

const ORIGINS: Readonly<Record<Direction, Origin>> = {
  'station-to-csms': 'station',
  'csms-to-station': 'csms',
};

/**
 * What one file holds of one station, as records: `recording.begun.v1` (sequence 0), the frames in the
 * file's order (from 1), `recording.ended.v1`. Effective time (libs/record) of each is the claimed time, made
 * plausible and non-decreasing (`time.ts`).
 */
export class StationRecording {
  readonly connection: ConnectionId;
  readonly #of: RecordingOf;
  readonly #key: string;
  readonly #times: EffectiveTimes;
  #frames = 0;
  #latest: Micros;

  constructor(of: RecordingOf) {
    this.#of = of;
    this.#key = recordKey(of.subject);
    this.#times = new EffectiveTimes(of.opened, of.importedAt);
    this.#latest = of.opened;
    this.connection = connectionId(of.opened, of.run, of.ordinal);
  }

  begun(): ChargeRecord {
    return this.#own(
      'recording.begun.v1',
      0,
      this.#of.opened,
      writePayload('recording.begun.v1', this.#of.file),
    );
  }

  /** To be called for every frame of the station in the file, in its order: also for one that is known already. */
  place(claimed: Micros | undefined): Place {
    this.#frames += 1;
    this.#latest = this.#times.next(claimed);
    return { sequence: this.#frames, effective: this.#latest, claimed };
  }

  frame(id: RecordId, frame: RecordedFrame, turn: Turn, place: Place): ChargeRecord {
    const { sealer, subject, run, opened } = this.#of;
    const isCut = frame.bytes.length > MOST_FRAME_BYTES;
    const { value, sealed } = sealer.seal(isCut ? frame.bytes.subarray(0, CUT_BYTES) : frame.bytes, 'text');
    const attributes: Attributes = {
      id,
      source: run,
      type: 'ocpp.frame.v1',
      tenant: subject.tenant,
      subject: subject.station,
      time: place.claimed ?? place.effective,
      witness: 'import',
      connection: this.connection,
      sequence: place.sequence,
      monotonic: place.effective - opened,
      direction: turn.direction,
      origin: ORIGINS[turn.direction],
      opcode: 'text',
      claimed: frame.time,
      ...(frame.protocol !== undefined && { protocol: frame.protocol }),
      ...((turn.isInferred || frame.inferred !== undefined) && { inferred: 'direction' as const }),
      ...(sealed !== undefined && { sealed }),
      ...(isCut && { cut: { bytes: frame.bytes.length, sha256: hash('sha256', frame.bytes) } }),
    };
    return { key: this.#key, attributes, value };
  }

  ended(): ChargeRecord {
    const payload = { frames: this.#frames, from: this.#of.opened, to: this.#latest };
    const value = writePayload('recording.ended.v1', payload);
    return this.#own('recording.ended.v1', this.#frames + 1, this.#latest, value);
  }

  /** What the import says of itself: its time is the import's. */
  #own(
    type: 'recording.begun.v1' | 'recording.ended.v1',
    sequence: number,
    effective: Micros,
    value: Uint8Array,
  ): ChargeRecord {
    const { subject, run, importedAt, opened } = this.#of;
    const attributes: Attributes = {
      id: recordId(this.connection, sequence),
      source: run,
      type,
      tenant: subject.tenant,
      subject: subject.station,
      time: importedAt,
      witness: 'import',
      connection: this.connection,
      sequence,
      monotonic: effective - opened,
    };
    return { key: this.#key, attributes, value };
  }
}
