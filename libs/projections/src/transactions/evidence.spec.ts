import { actOut, toLog, trafficOf } from '@chargeproof/projection/testing';
import type { LoggedRecord } from '@chargeproof/record';
import type { Row } from '@chargeproof/tables';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Told } from './testing.ts';

/**
 * What a gateway saw, and no message id is used again: which CALL an answer is to, and which live frame an
 * imported one is, is found in the whole of a connection or a recording, and is no matter of pairing.
 */
const traffic = trafficOf(160).map((actions) => {
  const unlike = actions.map((one, index) => ('messageId' in one ? { ...one, messageId: index } : one));
  return toLog(actOut(unlike).filter(({ record }) => record.attributes.witness === 'wire'));
});
const RUNS = { numRuns: 100 };

/** Of the same frames only those that prove one transaction. */
const proofsOf = (log: readonly LoggedRecord[], records: object) =>
  log.filter(({ attributes: { id } }) => id in records);

/**
 * Its end was read off a start, and it was heard of after that, or the two read alike for want of a clock:
 * then what it is hangs on how that other one went on, which is not evidence of this one.
 */
function hangsOnNext({ transactions, frames }: Told, row: Row): boolean {
  const roles = Object.entries(frames[String(row.transaction)] ?? {});
  return roles.some(([record, role]) => {
    const next = role === 'inferred' ? transactions[record] : undefined;
    if (next === undefined) return false;
    const isAlike = next.start_station_time === row.start_station_time;
    return isAlike || Number(next.start_received) < Number(row.last_heard);
  });
}

describe('the evidence of transactions', () => {
  it('no frame of one is evidence of another, unless an inference cites it', () => {
    fc.assert(
      fc.property(traffic, (log) => {
        const owners = new Map<string, string>();
        for (const [transaction, frames] of Object.entries(new Told(log).frames)) {
          for (const [record, role] of Object.entries(frames)) {
            if (role === 'inferred') continue;
            expect(owners.get(record)).toBeUndefined();
            owners.set(record, transaction);
          }
        }
      }),
      RUNS,
    );
  });

  it('folded alone says the same of its transaction', () => {
    const kinds = new Map<string, number>();
    fc.assert(
      fc.property(traffic, (log) => {
        const whole = new Told(log);
        for (const [key, frames] of Object.entries(whole.frames)) {
          const row = whole.of(key);
          if (hangsOnNext(whole, row)) continue;
          const alone = new Told(proofsOf(log, frames)).transactions[key];
          expect(alone).toEqual(row);
          const kind = `${String(row.kind)} ${String(row.stop_method)}`;
          kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
        }
      }),
      RUNS,
    );
    for (const kind of [
      'transaction StopTransaction',
      'transaction next-start',
      'attempt ',
      'orphan StopTransaction',
    ]) {
      expect(kinds.get(kind), kind).toBeGreaterThan(3);
    }
  });

  it('a transaction that a sampled value names is current, and has its frame', () => {
    let named = 0;
    fc.assert(
      fc.property(traffic, (log) => {
        const told = new Told(log);
        for (const { transaction, record } of told.samples) {
          if (transaction === null) continue;
          expect(told.transactions).toHaveProperty([String(transaction)]);
          expect(['meter', 'stop']).toContain(told.frames[String(transaction)]?.[String(record)]);
          named++;
        }
      }),
      RUNS,
    );
    expect(named).toBeGreaterThan(50);
  });
});
