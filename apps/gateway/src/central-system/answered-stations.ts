import type { RecordId } from '@chargeproof/record';
import type { AnsweringEnd } from './answering-end.ts';

/** A CALLRESULT or CALLERROR of a station. */
export type StationAnswer = {
  readonly messageId: string;
  readonly isError: boolean;
  readonly record: RecordId;
};

/** What becomes of the stations that the built-in central system answers, by their keys. */
export type StationsWatch = {
  arrived(key: string, end: AnsweringEnd): void;
  answered(key: string, end: AnsweringEnd, answer: StationAnswer): void;
  /** It booted and was accepted. @param boot the record of its BootNotification */
  accepted(key: string, end: AnsweringEnd, boot: RecordId): void;
  left(key: string, end: AnsweringEnd): void;
};

/** Who keeps what outlives a station's sockets, by its key. */
export type Presence = {
  /** Its first socket is there. */
  came(key: string): void;
  /** Its last socket is gone. */
  went(key: string): void;
};

const NOBODY: StationsWatch = {
  arrived: () => undefined,
  answered: () => undefined,
  accepted: () => undefined,
  left: () => undefined,
};

/** The stations that the built-in central system of this run answers now. */
export class AnsweredStations implements StationsWatch {
  readonly #presence: Presence;
  readonly #ends = new Map<string, readonly AnsweringEnd[]>();
  /** Who carries out commands, once there is one. */
  watch: StationsWatch = NOBODY;

  constructor(presence: Presence) {
    this.#presence = presence;
  }

  /** Where it spoke last connected: of two sockets the older one may be half open. */
  newestOf(key: string): AnsweringEnd | undefined {
    return this.#ends.get(key)?.at(-1);
  }

  arrived(key: string, end: AnsweringEnd): void {
    const others = this.#ends.get(key);
    if (others === undefined) this.#presence.came(key);
    this.#ends.set(key, [...(others ?? []), end]);
    this.watch.arrived(key, end);
  }

  answered(key: string, end: AnsweringEnd, answer: StationAnswer): void {
    this.watch.answered(key, end, answer);
  }

  accepted(key: string, end: AnsweringEnd, boot: RecordId): void {
    this.watch.accepted(key, end, boot);
  }

  left(key: string, end: AnsweringEnd): void {
    const others = (this.#ends.get(key) ?? []).filter((other) => other !== end);
    if (others.length > 0) this.#ends.set(key, others);
    else {
      this.#ends.delete(key);
      this.#presence.went(key);
    }
    this.watch.left(key, end);
  }
}
