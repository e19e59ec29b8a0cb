import { describe, expect, it } from 'vitest';
import { Ordinals, RecordIds } from './ids.ts';

const importId = (number: number) => {
  const digits = (BigInt(number) * 0x9e3779b97f4a7c15f39cc0605cedc835n)
    .toString(32)
    .slice(-26)
    .padStart(26, '0');
  return `import-${digits.replace(/[0-9a-v]/g, (digit) => 'abcdefghijklmnopqrstuvwxyz234567'.charAt(Number.parseInt(digit, 32)))}`;
};

describe('a set of record ids', () => {
  it.each([
    ['of imports', importId],
    ['of connections', (number: number) => `connection/${number}`],
  ])('%s knows each of many, and no other', (_what, id) => {
    const ids = new RecordIds();
    const numbers = Array.from({ length: 20_000 }, (_, number) => number);
    expect(numbers.every((number) => ids.add(id(number)))).toBe(true);
    expect(numbers.some((number) => ids.add(id(number)))).toBe(false);
    expect(numbers.every((number) => ids.has(id(number)))).toBe(true);
    expect(numbers.some((number) => ids.has(id(number + numbers.length)))).toBe(false);
    expect(ids.size).toBe(numbers.length);
  });
});

it('counts equals from 0', () => {
  const ordinals = new Ordinals();
  expect(['a', 'b', 'a', 'a', 'b', 'c'].map((id) => ordinals.next(id))).toEqual([0, 0, 1, 2, 1, 0]);
});
