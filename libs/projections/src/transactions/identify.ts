import type { Integer } from '@chargeproof/ocpp';
import type { Moment, Transaction } from './transaction.ts';
import { hadBegun, hasId, isAttempt, isInferred, isOpen, isOrphan, precedes, SLACK } from './transaction.ts';

/** What a frame says of the transaction it is about. */
export type Named = {
  readonly id: string | null;
  /** Null: it names none, as StopTransaction never does. */
  readonly connector: Integer | null;
  readonly at: Moment;
  /** Which of several fits best: the highest; the newest where they are equal. */
  readonly fit?: (transaction: Transaction) => number;
};

type Question = Named & { readonly isKnown: boolean; readonly isUnique: boolean };
type Rule = {
  /** In words, for those who ask why. */
  readonly when: string;
  readonly among: (transaction: Transaction, named: Question) => boolean;
  /** Only where there is one such, and no more. */
  readonly alone?: true;
  /** Also where the station's times say that it had not begun, if no other rule names one. */
  readonly anyTime?: true;
};

/** 0 and negative ids mean nothing (OCPP 1.6 errata 3.54): a station that was told none sends them (3.18). */
const meansNone = (id: string | null) => id === null || /^(0|-\d+)$/.test(id);
const goesOn = (transaction: Transaction) => isOpen(transaction) && !isOrphan(transaction);
const isUnnamed = ({ ids }: Transaction) => ids.length === 0;
const maySendUnknown = ({ id, isKnown }: Question) => meansNone(id) || !isKnown;
const wasBefore = ({ row }: Transaction, at: Moment) => at.time <= (row.stopped ?? 0) + SLACK;

/**
 * Which transaction an id names, of those on the frame's connector that had begun then. Ids are untrusted:
 * 0 or 1 for every transaction, used again after a reset, one on two connectors. The first rule with a
 * candidate decides; of several candidates the one that fits best, else the newest.
 */
export const RULES: readonly Rule[] = [
  {
    when: 'it goes on, and has this id',
    among: (one, { id }) => goesOn(one) && hasId(one, id),
    anyTime: true,
  },
  {
    when: 'it goes on, was never given an id, and nobody else has this one',
    among: (one, named) => goesOn(one) && isUnnamed(one) && maySendUnknown(named),
    alone: true,
  },
  {
    when: 'the id means none, and it is the only one that goes on',
    among: (one, { id }) => goesOn(one) && meansNone(id),
    alone: true,
  },
  {
    when: 'an orphan that goes on has this id',
    among: (one, { id }) => isOpen(one) && isOrphan(one) && hasId(one, id),
    anyTime: true,
  },
  {
    when: 'its stop was not seen, or it was refused, and it has this id',
    among: (one, { id }) => hasId(one, id) && (isInferred(one) || (isAttempt(one) && !hasStopped(one))),
    anyTime: true,
  },
  {
    when: 'its stop was not seen, it was never given an id, and nobody else has this one',
    among: (one, named) => isInferred(one) && isUnnamed(one) && maySendUnknown(named),
    alone: true,
  },
  {
    when: 'it has stopped, and the id is its alone, or this is from before its stop',
    among: (one, { id, at, isUnique }) =>
      hasStopped(one) && hasId(one, id) && (isUnique || wasBefore(one, at)),
    anyTime: true,
  },
];

const hasStopped = ({ row }: Transaction) => row.stop_record !== null;

/** @returns undefined where it names none that is remembered: then its start was not seen */
export function identify(remembered: readonly Transaction[], named: Named): Transaction | undefined {
  const there = remembered.filter((one) => isThere(one, named.connector));
  const sameId = there.filter((one) => hasId(one, named.id));
  const question = {
    ...named,
    isKnown: sameId.length > 0,
    isUnique: sameId.length === 1 && !meansNone(named.id),
  };
  return (
    byRules(
      RULES,
      there.filter((one) => hadBegun(one, named.at)),
      question,
    ) ??
    byRules(
      RULES.filter(({ anyTime }) => anyTime),
      there,
      question,
    )
  );
}

/** Where one of the two does not say, they may be the same. */
const isThere = ({ row }: Transaction, connector: Integer | null) =>
  connector === null || row.connector === null || row.connector === connector;

function byRules(rules: readonly Rule[], there: readonly Transaction[], named: Question) {
  for (const { among, alone } of rules) {
    const candidates = there.filter((one) => among(one, named));
    if (candidates.length === 1 || (candidates.length > 1 && !alone)) return best(candidates, named.fit);
  }
  return undefined;
}

function best(candidates: readonly Transaction[], fit: Named['fit'] = () => 0): Transaction | undefined {
  return candidates.reduce((a, b) => {
    const better = fit(b) - fit(a);
    return better > 0 || (better === 0 && precedes(a, b)) ? b : a;
  });
}
