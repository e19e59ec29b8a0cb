import { describe, expect, it } from 'vitest';
import { PingMeter } from './ping-meter.ts';

function meterAt() {
  const at = { now: 0 };
  return { at, meter: new PingMeter({ wall: () => at.now, monotonic: () => at.now }) };
}

describe('the ping meter', () => {
  it('keeps the shortest and longest gap between pings seen', () => {
    const { at, meter } = meterAt();
    for (const now of [1_000, 3_000, 3_500, 9_000]) {
      at.now = now;
      meter.seen();
    }
    expect(meter.take()).toMatchObject({ seen: 4, shortestGap: 500, longestGap: 5_500 });
    at.now = 10_000;
    meter.seen();
    // The gap reaches back over the tick.
    expect(meter.take()).toMatchObject({ seen: 1, shortestGap: 1_000, longestGap: 1_000 });
    expect(meter.take()).toEqual({ seen: 0, sent: 0, unanswered: 0 });
  });

  it('measures the round trip of its own ping only', () => {
    const { at, meter } = meterAt();
    const ping = meter.sending();
    at.now = 700;
    meter.answered(Buffer.from('stray'));
    at.now = 900;
    meter.answered(ping);
    expect(meter.take()).toMatchObject({ sent: 1, unanswered: 0, roundTrip: 900 });
  });

  it('counts a ping as unanswered once', () => {
    const { meter } = meterAt();
    meter.sending();
    expect([meter.givenUp(), meter.givenUp()]).toEqual([true, false]);
    expect(meter.take()).toMatchObject({ sent: 1, unanswered: 1 });
  });
});
