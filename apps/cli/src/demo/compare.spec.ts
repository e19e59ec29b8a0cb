import { Ledger } from '@chargeproof/simulator';
import { describe, expect, it } from 'vitest';
import { compare } from './compare.ts';
import type { Figures } from './figures.ts';
import { uptimeTruth } from './truth.ts';

const period = { from: 1_000, to: 101_000 };

/** One station: in reach but for 10 s, faulted for 20 s of which 5 s are those; 58 Wh; one fault. */
function ledger(): Ledger {
  const known = new Ledger();
  known.note('A', 'station', 'sent', 'x');
  known.note('A', 'csms', 'sent', 'y');
  const link = (at: number, connected: boolean) => known.links.push({ station: 'A', at, connected });
  const status = (connector: number, at: number, word: string) =>
    known.statuses.push({ station: 'A', connector, at, status: word });
  link(0, true);
  status(0, 100, 'Available');
  status(1, 100, 'Available');
  link(50_000, false);
  status(1, 55_000, 'Faulted');
  link(60_000, true);
  status(1, 75_000, 'Available');
  known.transactions.push({
    station: 'A',
    connector: 1,
    transactionId: 7,
    energyWh: 58,
    started: 1,
    stopped: 2,
  });
  known.faults.push({ station: 'A', fault: 'hasty-boot', at: 1 });
  return known;
}

const truly: Figures = {
  run: 'r',
  frames: { total: 2, byStation: { A: 2 } },
  transactions: [
    { station: 'A', connector: 1, transactionId: '7', energyWh: '58.000', method: 'METER_START_STOP' },
  ],
  uptime: [{ station: 'A', connector: 1, upSeconds: 75.2, downSeconds: 24.7, unknownSeconds: 0.1 }],
  conformance: [
    { station: 'A', kind: 'boot-call-before-accepted', count: 1, evidence: ['1'], severity: 'error' },
    { station: 'A', kind: 'rpc-concurrent-call', count: 1, evidence: ['2'], severity: 'warning' },
    { station: 'A', kind: 'schema-null-value', count: 3, evidence: ['3'], severity: 'warning' },
  ],
  completeness: [{ station: 'A', complete: true, gaps: [] }],
};
const apart = (wrong: Partial<Figures>) => compare({ ...truly, ...wrong }, ledger(), period);

describe('the comparison of what the API says with what the simulation knows', () => {
  it('takes down time once, be the reason one or two', () => {
    expect(uptimeTruth(ledger(), period)).toEqual([
      { station: 'A', connector: 1, upSeconds: 75, downSeconds: 25, changes: 2 },
    ]);
  });

  it('finds nothing where all is as it was', () => {
    expect(apart({})).toEqual([]);
  });

  it.each<[string, Partial<Figures>, string]>([
    [
      'a frame',
      { frames: { total: 1, byStation: { A: 1 } } },
      'frames of A: the API says 1, the ledger says 2.',
    ],
    [
      'a watt-hour',
      { transactions: [{ ...truly.transactions[0]!, energyWh: '59' }] },
      'energy of A/1 transaction 7, in mWh: the API says 59000, the ledger says 58000.',
    ],
    [
      'less than a milliwatt-hour',
      { transactions: [{ ...truly.transactions[0]!, energyWh: '58.0000001' }] },
      'energy of A/1 transaction 7, in mWh: the API says 58000.0001, the ledger says 58000.',
    ],
    [
      'energy of which nothing is said',
      { transactions: [{ ...truly.transactions[0]!, energyWh: null }] },
      'energy of A/1 transaction 7, in mWh: the API says nothing, the ledger says 58000.',
    ],
    [
      'a missing finding',
      { conformance: truly.conformance.slice(1) },
      'findings boot-call-before-accepted of A: the API says 0, the ledger says 1.',
    ],
    [
      'an error that nobody seeded',
      { conformance: [...truly.conformance, { ...truly.conformance[0]!, kind: 'schema-type' }] },
      'findings schema-type of A: the API says 1, the ledger says 0.',
    ],
    [
      'a gap',
      {
        completeness: [
          {
            station: 'A',
            complete: false,
            gaps: [{ kind: 'frames', from: '', to: '', missing: 1, reason: 'lost' }],
          },
        ],
      },
      'record of A: the API says incomplete: frames (lost); the ledger says complete.',
    ],
  ])('finds %s', (_, wrong, line) => {
    expect(apart(wrong)).toEqual([line]);
  });

  it('finds a transaction too many, one too few and one twice', () => {
    const [one] = truly.transactions;
    expect(apart({ transactions: [] })).toHaveLength(1);
    expect(apart({ transactions: [one!, { ...one!, transactionId: '8' }] })).toHaveLength(1);
    expect(apart({ transactions: [one!, one!] })).toHaveLength(1);
  });

  it('finds times apart by more than the changes explain', () => {
    const [one] = truly.uptime;
    expect(apart({ uptime: [{ ...one!, upSeconds: 78.1, downSeconds: 21.9 }] })).toHaveLength(2);
    expect(apart({ uptime: [{ ...one!, unknownSeconds: 3.1 }] })).toHaveLength(1);
    expect(apart({ uptime: [] })).toEqual(['uptime of A/1: the API says nothing.']);
  });
});
