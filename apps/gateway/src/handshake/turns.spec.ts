import { expect, it } from 'vitest';
import { Turns } from './turns.ts';

it('so many run at once, so many wait in order, and the rest is turned away', async () => {
  const turns = new Turns(2, 2);
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (name: string) =>
    turns.take(() => {
      begun.push(name);
      return new Promise<string>((resolve) =>
        ends.set(name, () => {
          resolve(name);
        }),
      );
    });
  const [a, b, c, d, e] = ['a', 'b', 'c', 'd', 'e'].map(work);
  expect(await e).toBeUndefined();
  expect(begun).toEqual(['a', 'b']);
  ends.get('b')?.();
  expect(await b).toBe('b');
  expect(begun).toEqual(['a', 'b', 'c']);
  ends.get('a')?.();
  ends.get('c')?.();
  expect(await Promise.all([a, c])).toEqual(['a', 'c']);
  ends.get('d')?.();
  expect(await d).toBe('d');
  const failing = turns.take(() => Promise.reject(new Error('x')));
  await expect(failing).rejects.toThrow('x');
  const after = work('f');
  ends.get('f')?.();
  expect(await after).toBe('f');
});
