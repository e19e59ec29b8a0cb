import type { CommandOutcome } from '@chargeproof/record';
import { expect, it } from 'vitest';
import { DecisionLog, SECOND, STATION } from './testing.ts';

type Word = readonly ['sent', run: string] | readonly ['ended', run: string, outcome: CommandOutcome];

/** How a command stands after what was said of it. */
function standing(...words: readonly Word[]) {
  const log = new DecisionLog();
  log.request('a', 0);
  words.forEach(([what, run, outcome], index) => {
    const at = (index + 1) * SECOND;
    if (what === 'sent')
      log.append('platform.command-sent.v1', { command: 'a', run, connection: 'c', messageId: 'a' }, run, at);
    else log.append('platform.command-ended.v1', { command: 'a', outcome }, run, at);
  });
  const { sent, ended } = log.standings().get('default/a') ?? {};
  return [sent?.run, ended?.outcome, ended?.by];
}

it.each([
  [
    'the first claim holds',
    [
      ['sent', 'x'],
      ['sent', 'y'],
    ],
    ['x', undefined, undefined],
  ],
  [
    'an end before any claim holds',
    [
      ['ended', 'x', 'expired'],
      ['sent', 'y'],
    ],
    [undefined, 'expired', 'x'],
  ],
  [
    'nobody ends as answered what nobody claimed',
    [['ended', 'x', 'answered']],
    [undefined, undefined, undefined],
  ],
  [
    'who did not claim it says no more than unknown',
    [
      ['sent', 'x'],
      ['ended', 'y', 'expired'],
    ],
    ['x', undefined, undefined],
  ],
  [
    'and that it may say',
    [
      ['sent', 'x'],
      ['ended', 'y', 'unknown'],
    ],
    ['x', 'unknown', 'y'],
  ],
  [
    'who claimed it knows better',
    [
      ['sent', 'x'],
      ['ended', 'y', 'unknown'],
      ['ended', 'x', 'answered'],
    ],
    ['x', 'answered', 'x'],
  ],
  [
    'and says it once',
    [
      ['sent', 'x'],
      ['ended', 'x', 'answered'],
      ['ended', 'x', 'error'],
      ['ended', 'y', 'unknown'],
    ],
    ['x', 'answered', 'x'],
  ],
] as const)('%s', (_, words, expected) => {
  expect(standing(...words)).toEqual(expected);
});

it('what is said of a command at another station is said of none', () => {
  const log = new DecisionLog();
  log.request('a', 0);
  log.request('a', 0, {}, 'default/CP-2');
  log.append('platform.command-ended.v1', { command: 'a', outcome: 'expired' }, 'x', SECOND, 'default/CP-2');
  expect(log.standings().get('default/a')).toMatchObject({ key: STATION });
  expect(log.standings().get('default/a')?.ended).toBeUndefined();
});
