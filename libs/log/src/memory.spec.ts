import { expect, it } from 'vitest';
import { createMemoryLog } from './memory.ts';
import { drain, logContract, sampleRecord } from './testing/index.ts';

logContract('the memory log', () => {
  const log = createMemoryLog();
  return Promise.resolve({
    log,
    reader: () => Promise.resolve(log.reader()),
    dispose: () => Promise.resolve(),
  });
});

it('stands still in the memory log when the clock steps back', async () => {
  const times = [1000, 400, 1200];
  const log = createMemoryLog({ clock: () => times.shift() ?? 0 });
  for (const sequence of [0, 1, 2]) await log.append('ocpp.frames', [sampleRecord('ST-1', sequence)]);
  expect((await drain(log)).map(({ loggedAt }) => loggedAt)).toEqual([1000, 1000, 1200]);
});
