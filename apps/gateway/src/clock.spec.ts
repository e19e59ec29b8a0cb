import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from './clock.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

describe('the system clock', () => {
  it('tells microseconds that Date.now does not have', () => {
    const now = vi.spyOn(performance, 'now').mockReturnValue(5);
    vi.spyOn(Date, 'now').mockReturnValue(1_000);
    const clock = systemClock();
    now.mockReturnValue(5.25);
    expect(clock.wall()).toBe(1_000_250);
    expect(clock.monotonic()).toBe(5_250);
  });

  it('follows a wall clock that is set, while the monotonic one goes on', () => {
    const now = vi.spyOn(performance, 'now').mockReturnValue(5);
    const wall = vi.spyOn(Date, 'now').mockReturnValue(1_000);
    const clock = systemClock();
    now.mockReturnValue(6);
    wall.mockReturnValue(500);
    expect(clock.wall()).toBe(500_000);
    now.mockReturnValue(7);
    wall.mockReturnValue(501);
    expect(clock.wall()).toBe(501_000);
    expect(clock.monotonic()).toBe(7_000);
  });
});
