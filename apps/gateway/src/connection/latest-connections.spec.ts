import { describe, expect, it } from 'vitest';
import { RecorderUnderTest } from '../testing/recorder-under-test.ts';
import { until } from '../testing/until.ts';
import { station } from '../testing/wire.ts';
import { LatestConnections } from './latest-connections.ts';

describe('the latest connection of a station', () => {
  it('is the one that came last, whichever ends first', () => {
    const latest = new LatestConnections();
    expect(latest.of('CP-1')).toBeUndefined();
    latest.opened('CP-1', 'one');
    latest.opened('CP-1', 'two');
    expect(latest.of('CP-1')).toBe('two');
    latest.ended('CP-1', 'one');
    expect(latest.of('CP-1')).toBe('two');
    latest.ended('CP-1', 'two');
    expect(latest.of('CP-1')).toBe('two');
    latest.opened('CP-1', 'three');
    latest.opened('CP-1', 'four');
    latest.ended('CP-1', 'four');
    latest.ended('CP-1', 'three');
    expect(latest.of('CP-1')).toBe('four');
  });

  it('is forgotten of those who are longest gone, and of nobody who is there', () => {
    const latest = new LatestConnections(2);
    for (const key of ['stays', 'a', 'b']) latest.opened(key, `${key}1`);
    for (const key of ['a', 'b']) latest.ended(key, `${key}1`);
    // It came again, and went last.
    latest.opened('a', 'a2');
    latest.ended('a', 'a2');
    for (let name = 0; name < 1000; name += 1) {
      latest.opened(`made-up-${name}`, 'x');
      latest.ended(`made-up-${name}`, 'x');
      if (name > 0) continue;
      expect(['stays', 'a', 'b'].map((key) => latest.of(key))).toEqual(['stays1', 'a2', undefined]);
    }
    expect(['stays', 'a', 'made-up-997'].map((key) => latest.of(key))).toEqual([
      'stays1',
      undefined,
      undefined,
    ]);
    expect(['made-up-998', 'made-up-999'].map((key) => latest.of(key))).toEqual(['x', 'x']);
  });

  it('is what the next one’s first record names', async () => {
    await using recorder = await RecorderUnderTest.start({ upstream: undefined });
    for (const closes of [1, 2, 3]) {
      const { socket } = await station(recorder.url('/ocpp/CP-1'));
      socket.close(1000);
      await until(async () => (await recorder.ofType('ocpp.connection-closed.v1')).length === closes);
    }
    const accepted = await recorder.ofType('ocpp.handshake-accepted.v1');
    const [first, second] = accepted.map(({ attributes }) => attributes.connection);
    const named = await recorder.payloads('ocpp.handshake-accepted.v1');
    expect(named.map(({ previousConnection }) => previousConnection)).toEqual([null, first, second]);
  });
});
