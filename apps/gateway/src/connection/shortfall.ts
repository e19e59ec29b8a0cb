import type { Gap, Leg as Side, RelayFailed } from '@chargeproof/record';
import { directionOf, otherSide } from './sides.ts';

/** Sequences in one relay-failed record: it keeps the record small whatever a peer does. */
const SEQUENCES_A_RECORD = 1000;

/** What a connection recorded and could not pass on, and what it could not even record. */
export class Shortfall {
  readonly #undelivered = new Map<string, { leg: Side; reason: string; sequences: number[] }>();
  readonly #unrecorded = new Map<Side, { count: number; reason: string }>();

  undelivered(from: Side, sequence: number, reason: string): void {
    const leg = otherSide(from);
    const key = `${leg} ${reason}`;
    const known = this.#undelivered.get(key);
    if (known === undefined) this.#undelivered.set(key, { leg, reason, sequences: [sequence] });
    else known.sequences.push(sequence);
  }

  unrecorded(from: Side, reason: string): void {
    const known = this.#unrecorded.get(from);
    if (known === undefined) this.#unrecorded.set(from, { count: 1, reason });
    else known.count += 1;
  }

  relayFailures(): RelayFailed[] {
    return [...this.#undelivered.values()].flatMap(({ leg, reason, sequences }) => {
      const records: RelayFailed[] = [];
      for (let start = 0; start < sequences.length; start += SEQUENCES_A_RECORD) {
        records.push({ leg, reason, sequences: sequences.slice(start, start + SEQUENCES_A_RECORD) });
      }
      return records;
    });
  }

  gaps(): Gap[] {
    return [...this.#unrecorded].map(([from, { count, reason }]) => ({
      missing: 'frames',
      count,
      reason,
      direction: directionOf(from),
    }));
  }
}
