import { logLevel } from 'kafkajs';
import { expect, it } from 'vitest';
import { quietLog } from './normal.ts';

const told = (message: string, error?: string, level = logLevel.ERROR) => {
  const lines: string[] = [];
  const log = quietLog((line) => lines.push(line))();
  const entry = { timestamp: '', message, ...(error !== undefined && { error }) };
  log({ namespace: 'Connection', level, label: '', log: entry });
  return lines;
};

it('passes over what is how things go', () => {
  expect(
    told('Response Heartbeat(key: 12, version: 3)', 'The group is rebalancing, so a rejoin is needed'),
  ).toEqual([]);
  expect(told('connecting', undefined, logLevel.INFO)).toEqual([]);
});

it('tells what is not, in one line', () => {
  expect(told('Response Produce(key: 0, version: 7)', 'Not authorized to access topics')).toEqual([
    'kafkajs Connection: Response Produce(key: 0, version: 7): Not authorized to access topics',
  ]);
});
