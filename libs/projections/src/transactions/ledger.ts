import type { Moment, Pairing, StopMethod, Transaction } from './transaction.ts';
import { isAttempt, isOpen, MOST_ATTEMPTS, MOST_ENDED, MOST_OPEN, withRow } from './transaction.ts';

/** What a frame is to a transaction. `retry`: its StartTransaction, sent again. `inferred`: its end was read off it. */
export type Role = 'start' | 'retry' | 'answer' | 'stop' | 'meter' | 'status' | 'inferred';
export type Proof = { readonly transaction: string; readonly record: string };
export type Told = Proof & { readonly role: Role };

/** What one frame changed. */
export type Changes = {
  readonly pairing: Pairing;
  readonly changed: readonly Transaction[];
  /** Not remembered any more: what was said of them stands. */
  readonly forgotten: readonly Transaction[];
  readonly told: readonly Told[];
  /** Inferences that were taken back. */
  readonly untold: readonly Proof[];
};

/** The remembered transactions of a station while one frame is paired. The pairing given is not changed. */
export class Ledger {
  #open: readonly Transaction[];
  #ended: readonly Transaction[];
  readonly #start: Pairing;
  readonly #changed = new Map<string, Transaction>();
  readonly #told: Told[] = [];
  readonly #untold: Proof[] = [];

  constructor(pairing: Pairing) {
    this.#start = pairing;
    this.#open = pairing.open;
    this.#ended = pairing.ended;
  }

  get open(): readonly Transaction[] {
    return this.#open;
  }

  get remembered(): readonly Transaction[] {
    return this.#ended.length === 0 ? this.#open : [...this.#ended, ...this.#open];
  }

  put(transaction: Transaction): Transaction {
    this.#changed.set(transaction.key, transaction);
    const goesOn = isOpen(transaction);
    this.#open = placed(this.#open, transaction, goesOn);
    this.#ended = placed(this.#ended, transaction, !goesOn);
    return transaction;
  }

  tell({ key }: Transaction, record: string, role: Role): void {
    this.#told.push({ transaction: key, record, role });
  }

  /** Its stop was not seen: `cited` are the frames that show that it is over, the one that says when first. */
  infer(transaction: Transaction, method: StopMethod, at: Moment, cited: readonly string[]): void {
    for (const record of cited) this.tell(transaction, record, 'inferred');
    const row = {
      stop_method: method,
      stopped: at.time,
      stopped_by: at.by,
      inferred_from_record: cited[0] ?? null,
    };
    this.put({ ...withRow(transaction, row), inferredFrom: cited });
  }

  /** It was not over after all, or its stop came. */
  takeBack(transaction: Transaction): Transaction {
    if (transaction.inferredFrom.length === 0) return transaction;
    for (const record of transaction.inferredFrom) {
      this.#untold.push({ transaction: transaction.key, record });
    }
    const row = { stop_method: '', stopped: null, stopped_by: '', inferred_from_record: null } as const;
    return this.put({ ...withRow(transaction, row), inferredFrom: [] });
  }

  changes(): Changes {
    if (this.#changed.size === 0) return { ...NO_CHANGES, pairing: this.#start };
    const forgotten: Transaction[] = [];
    const open = newest(this.#open, MOST_OPEN, forgotten);
    const attempts = this.#ended.filter(isAttempt);
    const surplus = new Set(attempts.slice(0, Math.max(0, attempts.length - MOST_ATTEMPTS)));
    forgotten.push(...surplus);
    const kept = surplus.size === 0 ? this.#ended : this.#ended.filter((one) => !surplus.has(one));
    const ended = newest(kept, MOST_ENDED, forgotten);
    return {
      pairing: { open, ended },
      changed: [...this.#changed.values()],
      forgotten,
      told: this.#told,
      untold: this.#untold,
    };
  }
}

const NO_CHANGES = { changed: [], forgotten: [], told: [], untold: [] };

/** The list with it in its old place, or as the newest; or without it. */
function placed(
  list: readonly Transaction[],
  transaction: Transaction,
  belongs: boolean,
): readonly Transaction[] {
  const index = list.findIndex(({ key }) => key === transaction.key);
  if (index >= 0) return belongs ? list.with(index, transaction) : list.toSpliced(index, 1);
  return belongs ? [...list, transaction] : list;
}

function newest(
  list: readonly Transaction[],
  most: number,
  forgotten: Transaction[],
): readonly Transaction[] {
  if (list.length <= most) return list;
  forgotten.push(...list.slice(0, -most));
  return list.slice(-most);
}
