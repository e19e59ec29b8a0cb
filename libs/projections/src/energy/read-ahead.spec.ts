import { expect, it } from 'vitest';
import { readAhead } from './read-ahead.ts';

it('reads one further than is worked on, in order', async () => {
  const read: number[] = [];
  const seen: unknown[] = [];
  const doubled = (item: number) => {
    read.push(item);
    return Promise.resolve(item * 2);
  };
  for await (const pair of readAhead([1, 2, 3], doubled)) seen.push([...pair, read.length]);
  expect(seen).toEqual([
    [1, 2, 2],
    [2, 4, 3],
    [3, 6, 3],
  ]);
});

it('throws what a reading throws where it is reached, and nowhere else', async () => {
  const failing = (item: number) => (item === 1 ? Promise.resolve(item) : Promise.reject(new Error('gone')));
  const seen: number[] = [];
  const all = async () => {
    for await (const [item] of readAhead([1, 2], failing)) {
      await new Promise((resolve) => setImmediate(resolve));
      seen.push(item);
    }
  };
  await expect(all()).rejects.toThrow('gone');
  expect(seen).toEqual([1]);
});
