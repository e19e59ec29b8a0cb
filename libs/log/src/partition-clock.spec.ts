import { describe, expect, it } from 'vitest';
import { PartitionClock } from './partition-clock.ts';

describe('the clock of a partition', () => {
  it('takes no loggedat that has not come yet: all that follows would stand in the future', () => {
    const clock = new PartitionClock();
    expect(clock.stamp(3, 1000, 4_000_000)).toBe(1000);
    expect(clock.stamp(3, 1001)).toBe(1001);
  });

  it('takes none before 1970, where there is nothing before it', () => {
    expect(new PartitionClock().stamp(3, 1000, -5)).toBe(0);
  });
});
