import { describe, expect, it } from 'vitest';
import { LogFull } from '@chargeproof/log';
import { LateLog } from '../testing/late-log.ts';
import { RecorderUnderTest } from '../testing/recorder-under-test.ts';
import { until } from '../testing/until.ts';
import { connect, station } from '../testing/wire.ts';
import { withAppend } from '../testing/wrapped-log.ts';
import { Recent } from '../limits/recent.ts';
import { LatestConnections } from './latest-connections.ts';

describe('the latest connection of a station', () => {
  it('is the one that came last, whichever ends first', () => {
    const latest = new LatestConnections();
    expect(latest.of('CP-1')).toBeUndefined();
    latest.opening('CP-1', 'one')();
    latest.opening('CP-1', 'two')();
    expect(latest.of('CP-1')).toBe('two');
    latest.ended('CP-1', 'one');
    expect(latest.of('CP-1')).toBe('two');
    latest.ended('CP-1', 'two');
    expect(latest.of('CP-1')).toBe('two');
    latest.opening('CP-1', 'three')();
    latest.opening('CP-1', 'four')();
    latest.ended('CP-1', 'four');
    latest.ended('CP-1', 'three');
    expect(latest.of('CP-1')).toBe('four');
  });

  it('is known once its handshake is durable, and is the one that was recorded last', () => {
    const latest = new LatestConnections();
    latest.opening('CP-1', 'never durable');
    const [three, four, five] = ['three', 'four', 'five'].map((id) => latest.opening('CP-1', id));
    expect(latest.of('CP-1')).toBeUndefined();
    four?.();
    expect(latest.of('CP-1')).toBe('four');
    three?.();
    expect(latest.of('CP-1')).toBe('four');
    latest.ended('CP-1', 'four');
    three?.();
    expect(latest.of('CP-1')).toBe('four');
    five?.();
    expect(latest.of('CP-1')).toBe('five');
  });

  it('is forgotten of those who are longest gone, and of nobody who is there', () => {
    const latest = new LatestConnections(new Recent(1300, () => 400));
    for (const key of ['stays', 'a', 'b']) latest.opening(key, `${key}1`)();
    for (const key of ['a', 'b']) latest.ended(key, `${key}1`);
    // It came again, and went last.
    latest.opening('a', 'a2')();
    latest.ended('a', 'a2');
    for (let name = 0; name < 1000; name += 1) {
      latest.opening(`made-up-${name}`, 'x')();
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

  it('is none whose handshake the log did not take', async () => {
    const state = { isFull: false };
    await using recorder = await RecorderUnderTest.start(
      { upstream: undefined },
      {
        wrap: (bare) =>
          withAppend(bare, (topic, records) =>
            state.isFull ? Promise.reject(new LogFull('no space')) : bare.append(topic, records),
          ),
      },
    );
    const previous = async () => {
      await station(recorder.url('/ocpp/CP-1'));
      const accepted = await recorder.ofType('ocpp.handshake-accepted.v1');
      const named = await recorder.payloads('ocpp.handshake-accepted.v1');
      return { named: named.at(-1)?.previousConnection, own: accepted.at(-1)?.attributes.connection };
    };
    const first = await previous();
    state.isFull = true;
    expect(await connect(recorder.url('/ocpp/CP-1'))).toMatchObject({ status: 503 });
    state.isFull = false;
    expect((await previous()).named).toBe(first.own);
  });

  it('of two that open at once is the one that is recorded last; neither names the other', async () => {
    const late = new LateLog();
    await using recorder = await RecorderUnderTest.start(
      { upstream: undefined, secondSocket: 'both' },
      { wrap: late.wrap },
    );
    await station(recorder.url('/ocpp/CP-1'));
    late.hold();
    const two = [station(recorder.url('/ocpp/CP-1')), station(recorder.url('/ocpp/CP-1'))];
    await until(() => late.waiting === 2);
    late.release();
    await Promise.all(two);
    await station(recorder.url('/ocpp/CP-1'));
    const [first, , third] = (await recorder.ofType('ocpp.handshake-accepted.v1')).map(
      ({ attributes }) => attributes.connection,
    );
    const named = await recorder.payloads('ocpp.handshake-accepted.v1');
    expect(named.map(({ previousConnection }) => previousConnection)).toEqual([null, first, first, third]);
  });
});
