import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startTimeServer, ntpAnswer } from '../testing/time-server.ts';
import { RecorderUnderTest } from '../testing/recorder-under-test.ts';
import { until } from '../testing/until.ts';
import { NoReading } from './ask-time.ts';
import { ClockWatch } from './clock-watch.ts';

const MINUTE = 60_000;
const MICROS = 1000;
const server = { host: 'time.example', port: 123 };

/** Time passes by the fake timers; what a server says is told by the test. */
function watching(answers: () => Promise<{ offset: number; uncertainty: number }>) {
  const began = Date.now();
  const host = { set: 0 };
  const elapsed = () => (Date.now() - began) * MICROS;
  const clock = { wall: () => began * MICROS + elapsed() + host.set, monotonic: elapsed };
  const ask = vi.fn(answers);
  const troubles: string[] = [];
  const onTrouble = ({ message }: Error) => troubles.push(message);
  return { watch: new ClockWatch({ server, clock, ask, onTrouble }), ask, host, troubles };
}
const reading = { offset: 1500, uncertainty: 800 };

describe('the watch over the clock', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('asks every quarter of an hour, and tells how old the answer is and how sure', async () => {
    const { watch, ask } = watching(() => Promise.resolve(reading));
    expect(watch.told()).toEqual({});
    await watch.start();
    expect(watch.told()).toEqual({ clockOffset: 1500, clockUncertainty: 800, clockAge: 0 });
    await vi.advanceTimersByTimeAsync(10 * MINUTE);
    expect(ask).toHaveBeenCalledTimes(1);
    // 15 millionths of ten minutes are 9 ms.
    expect(watch.told()).toEqual({ clockOffset: 1500, clockUncertainty: 9800, clockAge: 600_000_000 });
    await vi.advanceTimersByTimeAsync(5 * MINUTE);
    expect(ask).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(60 * MINUTE);
    expect(ask).toHaveBeenCalledTimes(6);
    watch.stop();
    await vi.advanceTimersByTimeAsync(60 * MINUTE);
    expect(ask).toHaveBeenCalledTimes(6);
  });

  it('asks anew after a minute, two and four where it fails, tells why once, and knows nothing after an hour', async () => {
    let fails = false;
    const { watch, ask, troubles } = watching(() =>
      fails ? Promise.reject(new NoReading({ refused: 'it sleeps' })) : Promise.resolve(reading),
    );
    await watch.start();
    fails = true;
    await vi.advanceTimersByTimeAsync((15 + 1 + 2 + 4) * MINUTE);
    expect(ask).toHaveBeenCalledTimes(5);
    expect(troubles).toEqual(["how far this host's clock is off is not known from time.example: it sleeps"]);
    expect(watch.told().clockOffset).toBe(1500);
    await vi.advanceTimersByTimeAsync(40 * MINUTE);
    expect(watch.told()).toEqual({});
    fails = false;
    await vi.advanceTimersByTimeAsync(15 * MINUTE);
    expect(watch.told().clockOffset).toBe(1500);
    watch.stop();
  });

  it('does not know a clock that was set, and asks again within a minute', async () => {
    const { watch, ask, host } = watching(() => Promise.resolve(reading));
    await watch.start();
    host.set = -300_000_000;
    expect(watch.told()).toEqual({});
    expect(watch.told()).toEqual({});
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect(ask).toHaveBeenCalledTimes(2);
    expect(watch.told().clockOffset).toBe(1500);
    watch.stop();
  });

  it('leaves a server alone for good that denies itself, and for longer one that is asked too often', async () => {
    const denied = watching(() => Promise.reject(new NoReading({ refused: 'no', kiss: 'DENY' })));
    const rated = watching(() => Promise.reject(new NoReading({ refused: 'no', kiss: 'RATE' })));
    await Promise.all([denied.watch.start(), rated.watch.start()]);
    await vi.advanceTimersByTimeAsync(29 * MINUTE);
    expect(rated.ask).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(600 * MINUTE);
    expect(denied.ask).toHaveBeenCalledTimes(1);
    expect(rated.ask).toHaveBeenCalledTimes(21);
    rated.watch.stop();
  });
});

describe('a gateway', () => {
  it('with a time server tells its offset in every tick', async () => {
    await using asked = await startTimeServer((_, originate) => {
      const now = Date.now() * MICROS + 3_600_000_000;
      return [ntpAnswer({ originate, asked: now, answered: now })];
    });
    await using recorder = await RecorderUnderTest.start({ ntp: `127.0.0.1:${asked.at.port}` });
    await until(async () => {
      await recorder.gateway.tick();
      return (await recorder.payloads('recorder.tick.v1')).at(-1)?.clockOffset !== undefined;
    });
    const told = (await recorder.payloads('recorder.tick.v1')).at(-1);
    expect(told?.clockOffset).toBeGreaterThan(3_599_000_000);
    expect(told?.clockUncertainty).toBeLessThan(1_000_000);
    expect(told?.clockAge).toBeGreaterThanOrEqual(0);
    expect(asked.questions).toHaveLength(1);
    const metrics = await fetch(`http://127.0.0.1:${recorder.gateway.address.port}/metrics`);
    const [, seconds] = /^chargeproof_clock_offset_seconds (\S+)$/m.exec(await metrics.text()) ?? [];
    expect(Math.round(Number(seconds))).toBe(3600);
  });

  it('without one asks nobody and says nothing', async () => {
    await using recorder = await RecorderUnderTest.start();
    await recorder.gateway.tick();
    expect((await recorder.payloads('recorder.tick.v1'))[0]).not.toHaveProperty('clockOffset');
  });
});
