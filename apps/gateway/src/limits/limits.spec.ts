import { describe, expect, it } from 'vitest';
import { Allowance } from './allowance.ts';
import { Bucket } from './bucket.ts';

describe('a bucket', () => {
  it('gives what is in it at once, and then what flows in', () => {
    let now = 0;
    const bucket = new Bucket(2, 3, () => now);
    const takeAt = (time: number) => {
      now = time;
      return bucket.take();
    };
    expect([0, 0, 0, 0, 0.5, 0.75, 1].map(takeAt)).toEqual([0, 0, 0, 0.5, 0, 0.25, 0]);
    now = 2.4;
    expect(bucket.isFull).toBe(false);
    now = 2.5;
    expect(bucket.isFull).toBe(true);
    expect([100, 100, 100, 100].map(takeAt)).toEqual([0, 0, 0, 0.5]);
  });

  it('lets itself be owed, and says until when', () => {
    let now = 0;
    const bucket = new Bucket(2, 1, () => now);
    expect([bucket.owe(), bucket.owe(), bucket.owe()]).toEqual([0, 0.5, 1]);
    now = 0.75;
    expect(bucket.owed).toBe(0.25);
    now = 10;
    expect(bucket.owed).toBe(0);
    expect([bucket.owe(), bucket.owe()]).toEqual([0, 0.5]);
  });
});

describe('an allowance', () => {
  it('is each name’s own', () => {
    let now = 0;
    const allowance = new Allowance({ perSecond: 0.5, most: 2, now: () => now });
    expect(['a', 'a', 'a', 'b'].map((name) => allowance.of(name).take())).toEqual([0, 0, 2, 0]);
    now = 2;
    expect([allowance.of('a').take(), allowance.of('a').take()]).toEqual([0, 2]);
  });

  it('forgets whoever has been away for long enough', () => {
    let now = 0;
    const allowance = new Allowance({ perSecond: 1, most: 60, now: () => now });
    for (let index = 0; index < 100_000; index += 1) {
      now += 0.01;
      allowance.of(`CP-${index}`).take();
    }
    expect(allowance.size).toBeLessThan(2000);
  });
});
