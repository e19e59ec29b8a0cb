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

  segments() {
    return [...this.logs.keys()].sort((a, b) => a - b);
  }
  create(segment: number) {
    const log = createMemoryLog();
    this.logs.set(segment, log);
    const append = log.append.bind(log);
    log.append = async (...call) => {
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

/** A store as a process has it that dies when it has written so often, and then writes nothing more for ever. */
export function dyingAfter(writes: number, store: MemoryStore): SpoolStore & { kill(): void } {
  let left = writes;
  const write = () => {
    left -= 1;
    if (left < 0) throw new Error('this process is dead');
  };
  return {
    segments: () => store.segments(),
    async create(segment) {
      write();
      const log = await store.create(segment);
      const append = log.append.bind(log);
      log.append = async (...call) => {
        write();
        return append(...call);
      };
      return log;
    },
    open: (segment) => store.open(segment),
    remove(segment) {
      write();
      store.remove(segment);
    },
    bytes: (segment) => store.bytes(segment),
    readNote: () => store.readNote(),
    writeNote(note) {
      write();
      store.writeNote(note);
    },
    freeReserve: () => store.freeReserve(),
    keepReserve: () => {
      store.keepReserve();
    },
    kill() {
      left = 0;
    },
  };
}
