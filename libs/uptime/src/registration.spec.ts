import { describe, expect, it } from 'vitest';
import type { Proven } from './contract.ts';
import { type BootAnswer, unregisteredOf } from './registration.ts';
import { uptimeOf } from './uptime.ts';

const MINUTE = 60_000_000;
const at = (minute: number) => minute * MINUTE;
const proven = (from: number, to: number | null, record: string): Proven => ({
  from: at(from),
  to: to === null ? null : at(to),
  records: [record],
});
/** Answered half a minute later. */
const boot = (minute: number, status: string): BootAnswer => ({
  booted: at(minute),
  answered: at(minute + 0.5),
  status,
  records: [`boot${minute}`, `answer${minute}`],
});

/** Minutes up, down and unknown of an hour, and why, of a station that says Available throughout. */
function told(registrations: readonly BootAnswer[], more: object = {}) {
  const { up, down, unknown, intervals } = uptimeOf({
    window: { from: 0, to: at(60) },
    connector: 1,
    statuses: [{ ...proven(0, null, 'status'), connector: 1, status: 'Available' }],
    links: [proven(0, null, 'link')],
    watched: [proven(0, null, 'coverage')],
    firstSeen: 0,
    registrations,
    ...more,
  });
  const causes = intervals.map(({ from, cause }) => `${from / MINUTE} ${cause}`).join(', ');
  return [up / MINUTE, down / MINUTE, unknown / MINUTE, causes];
}

describe('a station that is not registered', () => {
  it.each([
    ['is down from its boot on', [boot(10, 'Pending')], [10, 50, 0, '0 available, 10 unregistered']],
    ['so is one that is rejected', [boot(10, 'Rejected')], [10, 50, 0, '0 available, 10 unregistered']],
    [
      'until it is accepted',
      [boot(10, 'Pending'), boot(20, 'Pending'), boot(29.5, 'Accepted')],
      [40, 20, 0, '0 available, 10 unregistered, 30 available'],
    ],
    ['one that is accepted at once is never', [boot(10, 'Accepted')], [60, 0, 0, '0 available']],
    ['of an answer that says nothing known nothing is taken', [boot(10, '')], [60, 0, 0, '0 available']],
    [
      'whichever answer came last counts',
      [boot(10, 'Accepted'), boot(5, 'Rejected')],
      [54.5, 5.5, 0, '0 available, 5 unregistered, 10.5 available'],
    ],
  ])('%s', (_, registrations, expected) => {
    expect(told(registrations)).toEqual(expected);
  });

  it('may be silent, as it was told; without a link it is offline', () => {
    const rejected = [boot(0, 'Rejected')];
    expect(told(rejected, { silences: [proven(1, null, 's')] })).toEqual([0, 60, 0, '0 unregistered']);
    expect(told(rejected, { links: [proven(0, 30, 'link')] })).toEqual([
      0,
      60,
      0,
      '0 unregistered, 30 offline',
    ]);
  });

  it('is known to be one as long as somebody watched on', () => {
    const watched = [proven(0, 20, 'a'), proven(30, null, 'b')];
    expect(told([boot(10, 'Pending')], { watched })).toEqual([
      40,
      10,
      10,
      '0 available, 10 unregistered, 20 no-coverage, 30 available',
    ]);
    expect(unregisteredOf([boot(25, 'Pending')], watched)).toEqual([]);
  });

  it('is proved by its boots and their answers, the one that lets it in among them', () => {
    const answers = [boot(10, 'Pending'), boot(20, 'Rejected'), boot(30, 'Accepted')];
    const input = {
      window: { from: 0, to: at(60) },
      connector: 1,
      statuses: [],
      links: [proven(0, null, 'link')],
      watched: [proven(0, null, 'coverage')],
      firstSeen: 0,
      registrations: answers,
    };
    const down = uptimeOf(input).intervals.find(({ cause }) => cause === 'unregistered');
    expect(down?.records).toEqual(['link', 'boot10', 'answer10', 'boot20', 'answer20', 'boot30', 'answer30']);
  });
});
