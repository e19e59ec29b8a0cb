import type { ChargeRecord, Direction } from '@chargeproof/record';
import { LineCutter, type Line } from './lines.ts';

/** A frame as a recording has it. */
export type RecordedFrame = {
  readonly station: string;
  /** As written, whatever its form; empty where the recording has none. */
  readonly time: string;
  readonly bytes: Uint8Array;
  /** Absent where the recording does not state it. */
  readonly direction?: Direction;
  /** The recording states it, and says that it was inferred. */
  readonly inferred?: 'direction';
  /** As `ocpp1.6`. */
  readonly protocol?: string;
};

/** A record as our own format has it; `partition` only on what a run says of itself. */
export type RecordedRecord = ChargeRecord & { readonly partition?: number };

/** What a line gave: a frame, a record of ours, or nothing, and why. Lines count from 1. */
export type Read =
  | { readonly line: number; readonly frame: RecordedFrame }
  | { readonly line: number; readonly record: RecordedRecord }
  | {
      readonly line: number;
      readonly problem: string;
      /** How many lines gave nothing; 1. */ readonly lines?: number;
    };

/** Reads one recording, chunk by chunk, and holds little more than a chunk. Never throws for what it is given. */
export interface RecordingReader {
  push(chunk: Uint8Array): readonly Read[];
  /** To be called once, behind the last chunk. */
  end(): readonly Read[];
}

/** Reads one line. @returns undefined for a line that says nothing, or the reason why it gave no frame */
export type LineReader = (
  bytes: Buffer,
) => { readonly frame: RecordedFrame } | { readonly record: RecordedRecord } | string;

/** A reader of a format in which every line stands by itself. Blank lines say nothing. */
export function readerOfLines(read: LineReader): RecordingReader {
  const cutter = new LineCutter();
  const readAll = (lines: readonly Line[]) => lines.flatMap((line) => readLine(line, read));
  return { push: (chunk) => readAll(cutter.push(chunk)), end: () => readAll(cutter.end()) };
}

export const TOO_LONG = 'is longer than any frame';

function readLine({ number, bytes }: Line, read: LineReader): readonly Read[] {
  if (bytes === 'too-long') return [{ line: number, problem: TOO_LONG }];
  if (isBlank(bytes)) return [];
  const result = read(bytes);
  return [typeof result === 'string' ? { line: number, problem: result } : { line: number, ...result }];
}

const SPACE = 0x20;
export const isBlank = (bytes: Uint8Array) => bytes.every((byte) => byte <= SPACE && byte !== 0);
