import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Proven, StatusSpan, UptimeInput } from './contract.ts';
import { formatSeconds } from './format.ts';
import { uptimeOf } from './uptime.ts';

/** An hour, in minutes of µs; watched and linked throughout unless said otherwise. */
const MINUTE = 60_000_000;
const at = (minute: number) => minute * MINUTE;
const proven = (from: number, to: number | null, record = `r${from}`): Proven => ({
  from: at(from),
  to: to === null ? null : at(to),
  records: [record],
});
const status = (from: number, to: number | null, word: string, connector = 1): StatusSpan => ({
  ...proven(from, to, `${word}${from}`),
  connector,
  status: word,
});
const hour = (more: Partial<UptimeInput>): UptimeInput => ({
  window: { from: 0, to: at(60) },
  connector: 1,
  statuses: [status(0, null, 'Available')],
  links: [proven(0, null, 'link')],
  watched: [proven(0, null, 'coverage')],
  firstSeen: 0,
  ...more,
});
const told = (input: UptimeInput) => {
  const { up, down, unknown, intervals } = uptimeOf(input);
  const causes = intervals.map(({ from, cause }) => `${from / MINUTE} ${cause}`).join(', ');
  return [up / MINUTE, down / MINUTE, unknown / MINUTE, causes];
};

/** Name, an hour, and minutes up, down, unknown, with why. */
const ROWS: readonly (readonly [string, UptimeInput, readonly (number | string)[]])[] = [
  ['available', hour({}), [60, 0, 0, '0 available']],
  [
    'behind lost records nobody is up until connector and station have told anew',
    hour({
      losses: [proven(10, 12)],
      statuses: [status(0, 20, 'Available'), status(20, null, 'Available'), status(30, null, 'Available', 0)],
    }),
    [40, 0, 20, '0 available, 10 records-lost, 30 available'],
  ],
  [
    'or the station has booted; what is down stays so',
    hour({
      losses: [proven(10, 12)],
      statuses: [status(0, 20, 'Faulted'), status(20, null, 'Available')],
      boots: [{ time: at(40), record: 'boot' }],
    }),
    [20, 20, 20, '0 faulted, 20 records-lost, 40 available'],
  ],
  [
    'in use is up, whatever the phase of it',
    hour({
      statuses: [
        status(0, 10, 'Preparing'),
        status(10, 30, 'Charging'),
        status(30, 40, 'SuspendedEV'),
        status(40, null, 'Finishing'),
      ],
    }),
    [60, 0, 0, '0 in-use'],
  ],
  ['reserved is up', hour({ statuses: [status(0, null, 'Reserved')] }), [60, 0, 0, '0 reserved']],
  [
    'faulted and unavailable are down',
    hour({
      statuses: [status(0, 10, 'Faulted'), status(10, 25, 'Unavailable'), status(25, null, 'Available')],
    }),
    [35, 25, 0, '0 faulted, 10 unavailable, 25 available'],
  ],
  [
    'a word that OCPP does not know',
    hour({ statuses: [status(0, null, 'Broken')] }),
    [0, 0, 60, '0 status-unknown'],
  ],
  [
    'nothing said yet (rule 5)',
    hour({ statuses: [status(20, null, 'Available')] }),
    [40, 0, 20, '0 no-status, 20 available'],
  ],
  [
    'E-2 the same status twice is one interval',
    hour({ statuses: [status(0, 30, 'Faulted'), status(30, null, 'Faulted')] }),
    [0, 60, 0, '0 faulted'],
  ],
  [
    'E-4 two sockets that overlap leave no gap',
    hour({ links: [proven(0, 31), proven(30, null)] }),
    [60, 0, 0, '0 available'],
  ],
  [
    'E-6 the whole station unavailable or faulted',
    hour({
      statuses: [
        status(0, null, 'Available'),
        status(10, 20, 'Unavailable', 0),
        status(20, 25, 'Faulted', 0),
        status(25, null, 'Available', 0),
      ],
    }),
    [45, 15, 0, '0 available, 10 unavailable, 20 faulted, 25 available'],
  ],
  [
    'of another connector nothing is taken',
    hour({ statuses: [status(0, null, 'Available'), status(0, null, 'Faulted', 2)] }),
    [60, 0, 0, '0 available'],
  ],
  [
    'offline where somebody watched; the status holds on',
    hour({ links: [proven(0, 20), proven(35, null)] }),
    [45, 15, 0, '0 available, 20 offline, 35 available'],
  ],
  [
    'S15 a link over which nothing comes',
    hour({ silences: [proven(15, null)] }),
    [15, 0, 45, '0 available, 15 silent'],
  ],
  [
    "S16 nobody watched: ours, not the station's",
    hour({ watched: [proven(0, 20), proven(40, null)], links: [proven(0, 20), proven(45, null)] }),
    [35, 5, 20, '0 available, 20 no-coverage, 40 offline, 45 available'],
  ],
  [
    'S17 a fault, offline within it, back after its end: the union, once',
    hour({
      statuses: [status(0, 10, 'Available'), status(10, 40, 'Faulted'), status(40, null, 'Available')],
      links: [proven(0, 20), proven(40, null)],
    }),
    [30, 30, 0, '0 available, 10 faulted, 20 offline, 40 available'],
  ],
  [
    'kwwhat: outages that touch and lie in one another',
    hour({
      statuses: [status(0, 10, 'Faulted'), status(10, null, 'Available')],
      links: [proven(0, 5), proven(15, null)],
    }),
    [45, 15, 0, '0 faulted, 5 offline, 15 available'],
  ],
  [
    'before it was ever seen',
    hour({ firstSeen: at(25), links: [proven(25, null)] }),
    [35, 0, 25, '0 not-seen, 25 available'],
  ],
  ['never seen', hour({ firstSeen: null, links: [], statuses: [] }), [0, 0, 60, '0 not-seen']],
  [
    'after a boot on a new link it is to speak anew',
    hour({
      links: [proven(0, 20), proven(30, null)],
      boots: [{ time: at(31), record: 'boot' }],
      statuses: [status(0, 40, 'Faulted'), status(40, null, 'Available')],
    }),
    [20, 30, 10, '0 faulted, 20 offline, 30 no-status, 40 available'],
  ],
  [
    'a boot that was triggered ends nothing, nor does one after the status on its own link',
    hour({
      links: [proven(0, null)],
      boots: [{ time: at(31), record: 'boot' }],
      statuses: [status(2, null, 'Available')],
    }),
    [58, 0, 2, '0 no-status, 2 available'],
  ],
];

describe('uptime of a connector', () => {
  it.each(ROWS)('%s', (_name, input, expected) => {
    expect(told(input)).toEqual(expected);
  });

  it('names the records that prove each interval', () => {
    const { intervals } = uptimeOf(hour({ links: [proven(0, 20, 'first'), proven(35, null, 'second')] }));
    expect(intervals.map(({ records }) => records)).toEqual([
      ['first', 'Available0'],
      ['first', 'second'],
      ['second', 'Available0'],
    ]);
  });

  const minute = fc.integer({ min: -20, max: 80 });
  const lasting = fc
    .tuple(minute, fc.option(fc.nat(50)))
    .map(([from, length]) => proven(from, length === null ? null : from + length));
  const any: fc.Arbitrary<UptimeInput> = fc.record({
    window: fc.tuple(minute, fc.nat(60)).map(([from, length]) => ({ from: at(from), to: at(from + length) })),
    connector: fc.nat(2),
    statuses: fc.array(
      fc
        .record({
          span: lasting,
          connector: fc.nat(2),
          word: fc.constantFrom('Available', 'Faulted', 'Unavailable', 'Charging', 'odd'),
        })
        .map(({ span, connector, word }) => ({ ...span, connector, status: word })),
    ),
    links: fc.array(lasting),
    watched: fc.array(lasting),
    silences: fc.array(lasting),
    boots: fc.array(minute.map((time) => ({ time: at(time), record: 'boot' }))),
    firstSeen: fc.option(minute.map(at)),
  });

  it('adds up to the window, without gaps, and neighbours differ', () => {
    fc.assert(
      fc.property(any, (input) => {
        const { up, down, unknown, intervals } = uptimeOf(input);
        const { from, to } = input.window;
        expect(up + down + unknown).toBe(to - from);
        expect(intervals.map((one) => one.from)).toEqual(
          from < to ? [from, ...intervals.slice(0, -1).map((one) => one.to)] : [],
        );
        expect(intervals.at(-1)?.to ?? to).toBe(to);
        expect(intervals.some(({ cause }, index) => cause === intervals[index + 1]?.cause)).toBe(false);
      }),
    );
  });

  it('of a window is that of its parts', () => {
    fc.assert(
      fc.property(any, fc.nat(60), (input, cut) => {
        const { from, to } = input.window;
        const middle = Math.min(to, from + at(cut));
        const [whole, left, right] = [
          { from, to },
          { from, to: middle },
          { from: middle, to },
        ].map((window) => uptimeOf({ ...input, window }));
        expect((left?.up ?? 0) + (right?.up ?? 0)).toBe(whole?.up);
        expect((left?.down ?? 0) + (right?.down ?? 0)).toBe(whole?.down);
      }),
    );
  });

  it('never counts as down what nobody watched, nor as up what had no link', () => {
    fc.assert(
      fc.property(any, (input) => {
        const blind = uptimeOf({ ...input, watched: [] });
        expect([blind.up, blind.down]).toEqual([0, 0]);
        expect(uptimeOf({ ...input, links: [] }).up).toBe(0);
      }),
    );
  });
});

describe('seconds as text', () => {
  it.each([
    [0, '0'],
    [1, '0.000001'],
    [90_000_000, '90'],
    [250_000, '0.25'],
  ])('%i µs', (micros, text) => {
    expect(formatSeconds(micros)).toBe(text);
  });
});
