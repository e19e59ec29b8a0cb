import { createMemoryLog, LogFull, type MemoryLog } from '@chargeproof/log';
import type { Note, SpoolStore } from '../store.ts';

/** A spool in memory, which outlives those who open it as a folder does. */
export class MemoryStore implements SpoolStore {
  readonly logs = new Map<number, MemoryLog>();
  readonly #records = new Map<number, number>();
  note: Note | undefined;
  hasReserve = false;
  /** Its disk takes nothing more, as long as this is set. */
  isDiskFull = false;
  /** Called before anything is written durably: a place to die at. */
  onWrite: () => void = () => undefined;

  segments() {
    return [...this.logs.keys()].sort((a, b) => a - b);
  }
  create(segment: number) {
    const log = createMemoryLog();
    this.logs.set(segment, log);
    const append = log.append.bind(log);
    log.append = async (...call) => {
      this.onWrite();
      if (this.isDiskFull && !this.#freed()) throw new LogFull('the disk is full');
      this.#records.set(segment, (this.#records.get(segment) ?? 0) + call[1].length);
      return append(...call);
    };
    return Promise.resolve(log);
  }
  open(segment: number) {
    const log = this.logs.get(segment);
    if (log === undefined) return Promise.reject(new Error(`no segment ${segment}`));
    return Promise.resolve(log.reader());
  }
  remove(segment: number) {
    this.onWrite();
    this.logs.delete(segment);
  }
  /** 100 a record. */
  bytes(segment?: number) {
    const segments = segment === undefined ? this.segments() : [segment];
    return segments.reduce((sum, each) => sum + 100 * (this.#records.get(each) ?? 0), 0);
  }
  readNote() {
    return this.note;
  }
  writeNote(note: Note) {
    this.onWrite();
    this.note = note;
  }
  freeReserve() {
    const had = this.hasReserve;
    this.hasReserve = false;
    this.#isFreed ||= had;
    return had;
  }
  keepReserve() {
    this.hasReserve = true;
    this.#isFreed = false;
  }
  #isFreed = false;
  #freed() {
    return this.#isFreed;
  }
}
