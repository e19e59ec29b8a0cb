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
    expect(meter.take()).toMatchObject({ pingsSeen: 4, shortestPingGap: 500, longestPingGap: 5_500 });
    at.now = 10_000;
    meter.seen();
    // The gap reaches back over the tick.
    expect(meter.take()).toMatchObject({ pingsSeen: 1, shortestPingGap: 1_000, longestPingGap: 1_000 });
    expect(meter.take()).toEqual({ pingsSeen: 0, pingsSent: 0, pingsUnanswered: 0 });
  });

  it('measures the round trip of its own ping only', () => {
    const { at, meter } = meterAt();
    const ping = meter.sending();
    at.now = 700;
    meter.answered(Buffer.from('stray'));
    at.now = 900;
    meter.answered(ping);
    expect(meter.take()).toMatchObject({ pingsSent: 1, pingsUnanswered: 0, roundTrip: 900 });
  });

  it('counts a ping as unanswered once', () => {
    const { meter } = meterAt();
    meter.sending();
    expect([meter.givenUp(), meter.givenUp()]).toEqual([true, false]);
    expect(meter.take()).toMatchObject({ pingsSent: 1, pingsUnanswered: 1 });
  });
});
