import type { Micros, RecordId } from '@chargeproof/record';
import type { Proven } from './contract.ts';
import { lasting, union } from './spans.ts';

/** A BootNotification that was answered. */
export type BootAnswer = {
  readonly booted: Micros;
  readonly answered: Micros;
  /** `Accepted`, `Pending`, `Rejected`, or whatever else was said. */
  readonly status: string;
  /** The CALL and its answer. */
  readonly records: readonly RecordId[];
};

const WAITING: ReadonlySet<string> = new Set(['Pending', 'Rejected']);

/**
 * When a station that had booted was not let in: from its boot to the answer that accepts one (uptime-and-billing
 * A6, UNREGISTERED). It serves nobody then, whatever its connectors say, and may be silent as it was told. What
 * was answered is known for as long as somebody watched on: it boots again when its interval is over, which
 * shows anew what it is.
 */
export function unregisteredOf(
  answers: readonly BootAnswer[],
  watched: readonly Proven[],
): readonly Proven[] {
  const inOrder = answers.toSorted((a, b) => a.answered - b.answered);
  const stretches = union(watched.map(lasting));
  return inOrder.flatMap(({ booted, status, records }, index) => {
    if (!WAITING.has(status)) return [];
    const stretch = stretches.find(({ from, to }) => from <= booted && booted < to);
    const next = inOrder[index + 1];
    // Between two answers that keep it waiting lies no moment at which it was let in.
    const until = Math.min(next?.answered ?? Infinity, stretch?.to ?? booted);
    const proofs = [...records, ...(next?.answered === until ? next.records : [])];
    return until > booted ? [{ from: booted, to: until === Infinity ? null : until, records: proofs }] : [];
  });
}
