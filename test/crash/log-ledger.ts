import { isDeepStrictEqual } from 'node:util';
import { partitionOf } from '@chargeproof/record';
import type { LoggedRecord } from '@chargeproof/record';
import type { AppendRequest } from '@chargeproof/log';
import { callOf } from './log-calls.ts';

type Faults = {
  /** Acknowledged, and not there. */
  lost: number;
  /** There more than once. */
  repeated: number;
  /** Not byte for byte what was appended, or not at the position that was acknowledged. */
  altered: number;
  /** Before a record of its partition that was appended earlier, or at an offset that does not rise. */
  misplaced: number;
  /** A call of which some records are there and some are not. */
  halved: number;
  /** Never asked for. */
  unasked: number;
};
export const NO_FAULTS: Faults = {
  lost: 0,
  repeated: 0,
  altered: 0,
  misplaced: 0,
  halved: 0,
  unasked: 0,
};

const contentOf = ({ key, attributes, value }: AppendRequest | LoggedRecord) => ({
  key,
  attributes,
  value: Buffer.from(value),
});

/** What the appending processes said, kept by another process than they. */
export class Ledger {
  readonly #seed: number;
  readonly #requested = new Set<number>();
  /** call → `<partition>:<offset>` of each record, or empty where it was not said */
  readonly #acknowledged = new Map<number, readonly string[]>();

  constructor(seed: number) {
    this.#seed = seed;
  }

  get acknowledged(): number {
    return this.#acknowledged.size;
  }
  get inFlight(): number {
    return this.#requested.size - this.#acknowledged.size;
  }

  note(line: string): void {
    const [word, call, ...positions] = line.split(' ');
    if (word === 'r') this.#requested.add(Number(call));
    if (word === 'a') this.#acknowledged.set(Number(call), positions);
  }

  /** Calls that a kill cut short are in flight no more: they may be in the log or not. */
  readonly #cut = new Set<number>();
  cutShort(): void {
    for (const call of this.#requested) {
      if (!this.#acknowledged.has(call)) this.#cut.add(call);
    }
    for (const call of this.#cut) this.#requested.delete(call);
  }

  /** Compares the whole log, read in order, with what was said. */
  check(records: readonly LoggedRecord[]): Faults {
    const faults = { ...NO_FAULTS };
    const found = new Map<number, Map<number, LoggedRecord>>();
    const latest = new Map<number, { offset: number; call: number }>();
    for (const record of records) {
      const [call = -1, index = -1] = record.attributes.id.split('/').map(Number);
      const { partition, offset } = record.position;
      const before = latest.get(partition);
      if (before && (offset <= before.offset || call < before.call)) faults.misplaced += 1;
      latest.set(partition, { offset, call });
      const ofCall = found.get(call) ?? new Map<number, LoggedRecord>();
      if (ofCall.has(index)) faults.repeated += 1;
      found.set(call, ofCall.set(index, record));
    }
    for (const call of this.#acknowledged.keys()) {
      if (!found.has(call)) faults.lost += callOf(this.#seed, call).length;
    }
    for (const [call, ofCall] of found) this.#checkCall(call, ofCall, faults);
    return faults;
  }

  #checkCall(call: number, found: ReadonlyMap<number, LoggedRecord>, faults: Faults): void {
    if (!this.#requested.has(call) && !this.#cut.has(call)) {
      faults.unasked += found.size;
      return;
    }
    const asked = callOf(this.#seed, call);
    const positions = this.#acknowledged.get(call) ?? [];
    if (found.size !== asked.length) faults.halved += 1;
    for (const [index, record] of found) {
      const { partition, offset } = record.position;
      const given = asked[index];
      const isSame =
        given !== undefined &&
        isDeepStrictEqual(contentOf(record), contentOf(given)) &&
        partition === partitionOf(given.key) &&
        (positions[index] ?? `${partition}:${offset}`) === `${partition}:${offset}`;
      if (!isSame) faults.altered += 1;
    }
  }
}
