import type { Micros } from '@chargeproof/record';
import { readIfThere, writeDurably } from '../durable-file.ts';
import { UnusableSetting } from '../settings.ts';
import type { TransactionIds } from './central-system.ts';

/** Stations keep a transaction id as a signed 32-bit integer. */
export const LAST_ID = 2 ** 31 - 1;
/** Ids reserved at a time: one sync to the disk, and what a crash loses of them. */
export const BLOCK = 1000;
const SECONDS = 1_000_000;
const BEGINNING = Date.UTC(2025, 0, 1) / 1000;
/** A clock far in the future must not use up the ids: beyond the year 2059 it does not count. */
const LAST_SECOND = 2 ** 30;

export type TransactionIdFileOptions = {
  readonly file: string;
  readonly wall: () => Micros;
  /** No block could be reserved: starts stay unanswered until one can. */
  readonly onFailure: (error: Error) => void;
};

/**
 * Transaction ids that are never given twice (DESIGN law 4 leans on nothing of them, stations do). They are
 * reserved in blocks in one small file before the first of a block is given; a crash skips the rest of its block.
 * A block begins no lower than the seconds since 2025, so that a folder that was deleted, or put back from an
 * older copy, does not begin again where ids were given that a station still remembers. That holds for a
 * folder whose stations begin less than one transaction a second on average; the last id is 2^31 - 1, and when
 * it is given no start is answered any more.
 */
export class TransactionIdFile implements TransactionIds {
  readonly #options: TransactionIdFileOptions;
  #next = 1;
  /** The first id that is not reserved. */
  #end = 1;

  /** @throws UnusableSetting in one line, where the file is damaged */
  constructor(options: TransactionIdFileOptions) {
    this.#options = options;
    this.#next = this.#end = reservedBefore(options.file);
  }

  take(): number | undefined {
    if (this.#next === this.#end && !this.#reserve()) return undefined;
    return this.#next++;
  }

  #reserve(): boolean {
    const { file, wall, onFailure } = this.#options;
    const begin = Math.max(this.#end, leastAt(wall()));
    const end = Math.min(begin + BLOCK, LAST_ID + 1);
    try {
      if (begin >= end) throw new Error(`${file}: all transaction ids up to ${LAST_ID} are given`);
      writeDurably(file, `{"reservedBefore":${end}}\n`);
    } catch (error) {
      onFailure(error instanceof Error ? error : new Error(String(error)));
      return false;
    }
    this.#next = begin;
    this.#end = end;
    return true;
  }
}

/** No id below it is given any more: the seconds since 2025. */
export function leastAt(wall: Micros): number {
  const seconds = Math.floor(wall / SECONDS) - BEGINNING;
  return seconds < LAST_SECOND ? Math.max(1, seconds) : 1;
}

/** The first id that a file does not reserve. @throws UnusableSetting in one line, where the file is damaged */
export function reservedBefore(file: string): number {
  const text = readIfThere(file);
  if (text === undefined) return 1;
  const end = Number(/^\{"reservedBefore":(\d{1,10})\}\n$/.exec(text)?.[1]);
  if (end >= 1 && end <= LAST_ID + 1) return end;
  throw new UnusableSetting(
    `${file} is damaged: put back a copy of it; without one, remove it, and ids go on from the clock`,
  );
}
