import { expect, it } from 'vitest';
import { DecisionLog, GatewayOnPaper, SECOND } from './testing.ts';

const DAY = 86_400 * SECOND;

it('a board that begins later needs the requests that are not over, and those of a day: a repetition is known by them', () => {
  const log = new DecisionLog();
  const gateway = new GatewayOnPaper(log, 'run');
  const ends = (command: string, at: number) => {
    log.append('platform.command-ended.v1', { command, outcome: 'expired' }, 'another', at);
  };
  const needed = (wall: number) => {
    gateway.reads(log.records.length, { wall, monotonic: 0 });
    return gateway.board.neededFrom(wall);
  };
  expect(needed(0)).toBeUndefined();
  log.request('old', 0);
  ends('old', SECOND);
  log.request('open', SECOND);
  log.request('new', 2 * SECOND);
  expect(needed(DAY - 1)).toBe(0);
  expect(needed(DAY)).toBe(2);
  ends('open', 3 * SECOND);
  expect(needed(DAY)).toBe(2);
  expect(needed(DAY + SECOND)).toBe(3);
});
