import { type Log, LogFailed, type Offsets } from './log.ts';

/**
 * What a log tells its writer's records apart by: records that come again under the same numbers are in the log
 * once, whichever process sends them, and whichever of the two arrives first.
 */
export type Numbering = {
  /** Of all writers of the log, this one. */
  readonly producer: string;
  readonly epoch: number;
  /** partition → the number of the next record there; 0 where there is none. */
  readonly next: Offsets;
};

/** A log that numbers what is appended to `ocpp.frames`. */
export type NumberedLog = Log & {
  /** Behind everything that was acknowledged: exact while nothing is under way. */
  readonly numbering: Numbering;
  /** Goes on where another process ended: before anything is appended. */
  resume(numbering: Numbering): void;
};

/** The log has other records under these numbers, or knows of others before them: what was sent is not in it. */
export class NumbersRefused extends LogFailed {
  override readonly name = 'NumbersRefused';
}

/** Numbers are 31 bits wide, and begin again at 0. */
const NUMBERS = 2 ** 31;
export const numberAfter = (number = 0): number => (number + 1) % NUMBERS;

/** @param partitions of further records, one for each */
export function numberedOn(numbering: Numbering, partitions: Iterable<number>): Numbering {
  const next = new Map(numbering.next);
  for (const partition of partitions) next.set(partition, numberAfter(next.get(partition)));
  return { ...numbering, next };
}
