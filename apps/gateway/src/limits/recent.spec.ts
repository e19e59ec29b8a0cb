import { expect, it } from 'vitest';
import { Recent } from './recent.ts';

/** Each with a name of one letter takes 101 bytes more. */
const room = () => new Recent<number>(2000, (bytes) => bytes);
const names = (forgotten: readonly (readonly [name: string, value: number])[]) =>
  forgotten.map(([name]) => name);

it('what was set longest ago is forgotten first, until an eighth is free', () => {
  const recent = room();
  expect(['a', 'b', 'c', 'd'].flatMap((name) => names(recent.set(name, 300)))).toEqual([]);
  // Set anew it is the last to go, and what it took before is free.
  expect(names(recent.set('a', 200))).toEqual([]);
  expect(names(recent.set('e', 400))).toEqual(['b']);
  expect(names(recent.set('f', 500))).toEqual(['c', 'd']);
  expect(recent.get('c')).toBeUndefined();
  expect([recent.take('e'), recent.take('e'), recent.get('f')]).toEqual([400, undefined, 500]);
  expect(names(recent.set('g', 900))).toEqual([]);
});

it('what is too large is not remembered itself, by a long name no less than by its value', () => {
  const recent = room();
  recent.set('a', 0);
  expect(names(recent.set('b', 1900))).toEqual(['a', 'b']);
  expect(recent.set('x'.repeat(1901), 0)).toHaveLength(1);
  expect(names(recent.set('c', 1899))).toEqual([]);
});
