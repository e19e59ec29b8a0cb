import type { Log, LogReader, Numbering } from '@chargeproof/log';

/** A place in the spool: every record before it is in the log. */
export type Place = { readonly segment: number; readonly offset: number };

/** What a drain must know after any end of the process. */
export type Note = Place & {
  /** How many records from there on may be in the log all the same. */
  readonly unknown: number;
  /** partition → the offset in the log before which none of those lies; undefined where none was ever sent. */
  readonly ends: ReadonlyMap<number, number> | undefined;
  /** Under which numbers the records from there on were sent, or will be; undefined where that is not known. */
  readonly numbering: Numbering | undefined;
};

/**
 * Where a spool lies: numbered segments, each a log of its own that is removed whole once it is drained, so that
 * a spool takes no more room than what is left in it; and one note.
 */
export type SpoolStore = {
  /** The segments that are there, rising. */
  segments(): readonly number[];
  create(segment: number): Promise<Log>;
  /** For reading, while it may still be written to. */
  open(segment: number): Promise<LogReader>;
  remove(segment: number): void;
  /** Bytes that a segment takes, or all of them. */
  bytes(segment?: number): number;
  /** @throws LogFailed where it is damaged */
  readNote(): Note | undefined;
  /** Durable when it returns. */
  writeNote(note: Note): void;
  /** Gives back the room that was kept for a full disk. @returns false where it was given back before */
  freeReserve(): boolean;
  /** Keeps that room again. */
  keepReserve(): void;
};
