import { after, type Log, type Offsets } from '@chargeproof/log';
import {
  claimRecord,
  type LoggedRecord,
  type Micros,
  readPayload,
  type RunId,
  type TransactionIdsClaimed,
  writePayload,
} from '@chargeproof/record';
import { LAST_ID } from '../central-system/transaction-id-file.ts';

/** Ids from `from` to below `before`. */
export type IdRange = { readonly from: number; readonly before: number };

/** Ids claimed at a time: so many transactions can begin while the log is away. The whole is 40,000 of them. */
export const CLAIM = 50_000;
/** So often another gateway may have been first. Each time its claim is known the next time. */
const MOST_ATTEMPTS = 20;
const BATCH = { maxRecords: 1000, maxBytes: 1024 * 1024 } as const;
const TYPE = 'platform.transaction-ids-claimed.v1';

export type ClaimsOptions = {
  readonly log: Pick<Log, 'append' | 'read'>;
  readonly run: RunId;
  readonly wall: () => Micros;
  /** No id below it is claimed. */
  readonly least: () => number;
};

/**
 * Claims ids in a log that several gateways share, so that no two ever give the same one: a claim is a record,
 * and holds unless one that stands before it in the log overlaps. Void claims count as well: their ids are skipped.
 */
export class TransactionIdClaims {
  readonly #options: ClaimsOptions;
  #next: Offsets = new Map();
  /** No claim that was read reaches so far. */
  #free = 1;
  /** Counts the claims of the run. The first is of its key. */
  #ordinal = 1;

  constructor(options: ClaimsOptions) {
    this.#options = options;
  }

  /** @throws LogFailed; Error where all ids are given, or others were first every time */
  async claim(): Promise<IdRange> {
    const { log, run, wall, least } = this.#options;
    await this.#readOn();
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
      const from = Math.max(this.#free, least());
      const before = Math.min(from + CLAIM, LAST_ID + 1);
      if (from >= before) throw new Error(`all transaction ids up to ${LAST_ID} are claimed in the log`);
      const { key, attributes } = claimRecord(TYPE, { run, ordinal: this.#ordinal++, time: wall() });
      await log.append('platform.decisions', [
        { key, attributes, value: writePayload(TYPE, { run, from, before }) },
      ]);
      const since = await this.#readOn();
      const own = since.findIndex(({ id }) => id === attributes.id);
      const earlier = since.slice(0, Math.max(own, 0));
      if (own >= 0 && !earlier.some((other) => other.from < before && from < other.before))
        return { from, before };
    }
    throw new Error(`other gateways claimed transaction ids first, ${MOST_ATTEMPTS} times`);
  }

  /** @returns the claims that were read since the last time, in log order */
  async #readOn(): Promise<readonly (TransactionIdsClaimed & { readonly id: string })[]> {
    const claims: (TransactionIdsClaimed & { readonly id: string })[] = [];
    for (;;) {
      const batch = await this.#options.log.read({ topic: 'platform.decisions', from: this.#next, ...BATCH });
      if (batch.length === 0) return claims;
      for (const record of batch.filter(isClaim)) {
        const claimed = readPayload(TYPE, record.value);
        this.#free = Math.max(this.#free, claimed.before);
        claims.push({ ...claimed, id: record.attributes.id });
      }
      this.#next = after(this.#next, batch);
    }
  }
}

const isClaim = ({ attributes }: LoggedRecord) => attributes.type === TYPE;
