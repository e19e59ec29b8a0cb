import { numberedOn, type Numbering, type Offsets } from '@chargeproof/log';
import type { Note, Place, SpoolStore } from './store.ts';

/** The most records of a drain that are under way to the log at once. */
export const BATCH_RECORDS = 2000;

/** How far a spool is drained, and what may be in the log beyond that: durable before anything more is sent. */
export class Progress {
  readonly #store: SpoolStore;
  #note: Note;
  /** Of the records that the log may have, how many are not drained yet. */
  #unknownLeft: number;
  #isWritten = true;

  constructor(store: SpoolStore) {
    this.#store = store;
    this.#note = store.readNote() ?? {
      segment: 1,
      offset: 0,
      unknown: 0,
      ends: undefined,
      numbering: undefined,
    };
    this.#unknownLeft = this.#note.unknown;
  }

  get place(): Place {
    return this.#note;
  }
  get note(): Note {
    return this.#note;
  }

  /** The segments begin later than was noted: the one that was noted is drained and gone. */
  startAt(segment: number): void {
    if (segment !== this.#note.segment) this.#note = { ...this.#note, segment, offset: 0 };
  }

  /** What is spooled from here on begins with so many that the log may have taken behind `ends`. */
  begin(ends: Offsets | undefined, numbering: Numbering | undefined, unknown: number): void {
    const { segment, offset } = this.#note;
    this.#note = { segment, offset, unknown, ends, numbering };
    this.#unknownLeft = unknown;
    this.#isWritten = false;
  }

  /** Before the first record is spooled. @throws what the system says of a disk that is full */
  writeFirst(): void {
    if (this.#isWritten) return;
    this.#store.writeNote(this.#note);
    this.#isWritten = true;
  }

  /** What is sent from here on, all that is noted as unknown again, bears these numbers. To be written before it is sent. */
  renumber(numbering: Numbering | undefined): void {
    // What a drain that was cut short had sent is unknown, too, as long as it is not passed over.
    this.#unknownLeft = this.#note.unknown;
    this.#note = { ...this.#note, numbering };
  }

  /** The first, in these partitions, are not spooled at all: the log has them. */
  unspooled(partitions: readonly number[]): void {
    this.#unknownLeft -= partitions.length;
    this.#note = { ...this.#note, numbering: this.#numberingAfter(partitions) };
    // Numbers that are too low are those of other records: noted before what follows is spooled.
    this.#isWritten = false;
  }

  /**
   * All before `place` is in the log, which ends at `ends`; a batch more may be under way from now on.
   * @param partitions of the records that lay before it
   */
  drained(place: Place, partitions: readonly number[], ends: Offsets): void {
    this.#unknownLeft = Math.max(0, this.#unknownLeft - partitions.length);
    // Until what was unknown is drained it is looked for where it was: a look-up may be cut short, too.
    const from = this.#unknownLeft > 0 ? this.#note.ends : ends;
    const unknown = Math.max(this.#unknownLeft, BATCH_RECORDS);
    const { segment, offset } = place;
    const numbering = this.#numberingAfter(partitions);
    this.#write({ segment, offset, unknown, ends: new Map(from), numbering });
  }

  /** Nothing is left: the next segment will be the first. */
  clear(segment: number): void {
    this.#unknownLeft = 0;
    this.#write({ segment, offset: 0, unknown: 0, ends: undefined, numbering: undefined });
  }

  #numberingAfter(partitions: readonly number[]): Numbering | undefined {
    return this.#note.numbering && numberedOn(this.#note.numbering, partitions);
  }

  #write(note: Note): void {
    this.#store.writeNote(note);
    this.#note = note;
    this.#isWritten = true;
  }
}
