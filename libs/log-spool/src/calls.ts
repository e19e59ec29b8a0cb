import type { AppendRequest } from '@chargeproof/log';
import type { Position } from '@chargeproof/record';

/** A call of `append`, with a copy of its records: they may be needed again when their buffers are not its any more. */
export class Call {
  readonly records: readonly AppendRequest[];
  readonly positions: Promise<readonly Position[]>;
  /** What the log makes of it, where it was given to the log. */
  outcome: Promise<readonly Position[]> = NEVER;
  begun = performance.now();
  isInLog = false;
  readonly #settled = Promise.withResolvers<readonly Position[]>();

  constructor(records: readonly AppendRequest[]) {
    this.records = records.map((record) => ({ ...record, value: new Uint8Array(record.value) }));
    this.positions = this.#settled.promise;
  }

  /** Durable, there or here: whichever is first. */
  readonly resolve = (positions: readonly Position[]): void => {
    this.#settled.resolve(positions);
  };
  readonly reject = (error: unknown): void => {
    this.#settled.reject(error);
  };
}

const NEVER = new Promise<never>(() => undefined);
