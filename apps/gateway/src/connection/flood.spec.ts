import { describe, expect, it } from 'vitest';
import { RecorderUnderTest } from '../testing/recorder-under-test.ts';
import { until } from '../testing/until.ts';
import { connect, End, startUpstream, station } from '../testing/wire.ts';
import { startHttpUpstream } from '../testing/bad-upstreams.ts';

const many = (charger: End, count: number) => {
  for (let index = 0; index < count; index += 1) charger.send(`[2,"${index}","Heartbeat",{}]`);
};
const SLOW = { framesPerSecond: 2 };
/** 60 s of it. Of what is sent beyond, as much comes at once as its socket had read when it was paused. */
const AT_ONCE = 120;

describe('a station that talks faster than it may', () => {
  it('is not read for a while; nothing is lost, out of order or unsaid', async () => {
    await using recorder = await RecorderUnderTest.start({ framesPerSecond: 5 });
    const charger = await station(recorder.url('/ocpp/CP-1'));
    const csms = await recorder.upstream.next();
    many(charger, 300);
    await until(() => csms.got.length === 300);
    const began = performance.now();
    for (let index = 0; index < 20; index += 1) {
      charger.send(`[2,"late ${index}","Heartbeat",{}]`);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await until(() => csms.got.length === 320);
    expect(csms.got).toEqual(charger.sent);
    // 20 more at 5 a second, less what flowed in while the first were relayed, and the last that is owed.
    expect(performance.now() - began).toBeGreaterThan(300);
    // The last pause is over, too.
    await new Promise((resolve) => setTimeout(resolve, 400));
    await recorder.gateway.tick();
    const [told, ...more] = await recorder.payloads('ocpp.limited.v1');
    expect(more).toEqual([]);
    expect(told).toMatchObject({ direction: 'station-to-csms', perSecond: 5 });
    const { from = 0, to = 0, pauses = 0, paused = 0 } = told ?? {};
    expect(pauses).toBeGreaterThan(1);
    expect(paused).toBeGreaterThan(200_000);
    expect(paused).toBeLessThanOrEqual(to - from);
    const records = await recorder.ofType('ocpp.limited.v1');
    expect(records[0]?.attributes.sequence).toBe(322);
    // What is told is not told again.
    await recorder.gateway.tick();
    charger.socket.close(1000);
    await csms.closed;
    expect(await recorder.ofType('ocpp.limited.v1')).toHaveLength(1);
  });

  it('is told of at its end, where no tick came before', async () => {
    await using recorder = await RecorderUnderTest.start(SLOW);
    const charger = await station(recorder.url('/ocpp/CP-1'));
    const csms = await recorder.upstream.next();
    many(charger, 200);
    await until(() => csms.got.length > AT_ONCE);
    csms.socket.close(1000);
    await charger.closed;
    await until(async () => (await recorder.ofType('ocpp.limited.v1')).length === 1);
    const [told] = await recorder.payloads('ocpp.limited.v1');
    expect(told).toMatchObject({ perSecond: 2 });
    expect(told?.pauses).toBeGreaterThan(0);
  });

  it('gains nothing by coming again', async () => {
    await using recorder = await RecorderUnderTest.start(SLOW);
    const first = await station(recorder.url('/ocpp/CP-1'));
    const firstUp = await recorder.upstream.next();
    many(first, 200);
    await until(() => firstUp.got.length > AT_ONCE);
    const second = await station(recorder.url('/ocpp/CP-1'));
    const secondUp = await recorder.upstream.next();
    second.send('one');
    await until(() => secondUp.got.length === 1);
    await recorder.gateway.tick();
    const told = await recorder.ofType('ocpp.limited.v1');
    expect(new Set(told.map(({ attributes }) => attributes.connection)).size).toBe(2);
  });

  it('by pings is held back too, and its CSMS is not', async () => {
    await using recorder = await RecorderUnderTest.start(SLOW);
    const charger = await station(recorder.url('/ocpp/CP-1'));
    const csms = await recorder.upstream.next();
    for (let index = 0; index < 200; index += 1) charger.socket.ping();
    for (let index = 0; index < 200; index += 1) csms.send(`[2,"${index}","Reset",{"type":"Soft"}]`);
    await until(() => charger.got.length === 200);
    await recorder.gateway.tick();
    const limited = await recorder.payloads('ocpp.limited.v1');
    expect(limited.map(({ direction }) => direction)).toEqual(['station-to-csms']);
  });

  it('leaves the others as they are', async () => {
    await using recorder = await RecorderUnderTest.start(SLOW);
    const flood = await station(recorder.url('/ocpp/CP-1'));
    await recorder.upstream.next();
    const charger = await station(recorder.url('/ocpp/CP-2'));
    const csms = await recorder.upstream.next();
    many(flood, 5000);
    many(charger, 100);
    await until(() => csms.got.length === 100);
    await recorder.gateway.tick();
    const told = await recorder.ofType('ocpp.limited.v1');
    expect(new Set(told.map(({ attributes }) => attributes.subject))).toEqual(new Set(['CP-1']));
    const metrics = await fetch(`${recorder.url('').replace('ws:', 'http:')}/metrics`);
    expect(await metrics.text()).toMatch(/station_limit_pauses_total [1-9]/);
  });
});

describe('a flood of handshakes', () => {
  it('of one station is answered 429 and when to come again; the first are records, the rest is counted', async () => {
    await using recorder = await RecorderUnderTest.start({ handshakesPerMinute: 5 });
    const answers: (End | number)[] = [];
    for (let index = 0; index < 40; index += 1) {
      const answer = await connect(recorder.url('/ocpp/CP-1'));
      answers.push(answer instanceof End ? 101 : answer.status);
      if (!(answer instanceof End)) {
        expect(answer.body).toBe('too-many-handshakes');
        expect(answer.headers['retry-after']).toMatch(/^(?:[1-9]|1[0-2])$/);
      }
    }
    expect(answers.filter((answer) => answer === 101)).toHaveLength(5);
    expect(await recorder.ofType('ocpp.handshake-refused.v1')).toHaveLength(10);
    await recorder.gateway.tick();
    const records = await recorder.ofType('ocpp.handshake-refused.v1');
    expect(new Set(records.map(({ key }) => key))).toEqual(new Set(['default/CP-1']));
    const payloads = await recorder.payloads('ocpp.handshake-refused.v1');
    expect(payloads.map(({ count }) => count)).toEqual([...Array<undefined>(10), 25]);
    expect(await connect(recorder.url('/ocpp/CP-2'))).toBeInstanceOf(End);
  });

  it('of one address keeps no other out, and names no station', async () => {
    await using recorder = await RecorderUnderTest.start({ addressHandshakesPerMinute: 5 });
    const from = (localAddress: string, name: string) =>
      connect(recorder.url(`/ocpp/${name}`), ['ocpp1.6'], { localAddress });
    let refused = 0;
    for (let index = 0; index < 20; index += 1) {
      const answer = await from('127.0.0.1', `CP-${index}`);
      if (!(answer instanceof End)) refused += 1;
    }
    expect(refused).toBe(15);
    expect(await from('127.0.0.2', 'CP-1')).toBeInstanceOf(End);
    await recorder.gateway.tick();
    const payloads = await recorder.payloads('ocpp.handshake-refused.v1');
    expect(payloads.map(({ reason, count = 1, rawPath }) => [reason, count, rawPath])).toEqual([
      ['too-many-handshakes', 1, '/ocpp/CP-5'],
      ['too-many-handshakes', 14, '/ocpp/CP-19'],
    ]);
  });

  it('that the CSMS refuses is counted on both legs', async () => {
    await using recorder = await RecorderUnderTest.start(
      {},
      { upstream: await startHttpUpstream('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n') },
    );
    for (let index = 0; index < 30; index += 1) {
      expect(await connect(recorder.url('/ocpp/CP-1'))).toMatchObject({ status: 401 });
    }
    await recorder.gateway.stop();
    const payloads = await recorder.payloads('ocpp.handshake-refused.v1');
    expect(payloads.slice(-2).map(({ leg, count }) => [leg, count])).toEqual([
      ['station', 20],
      ['upstream', 20],
    ]);
    expect(payloads).toHaveLength(22);
  });

  it('with made-up names fills neither log nor memory', async () => {
    const upstream = await startUpstream({ verifyClient: () => false });
    await using recorder = await RecorderUnderTest.start({ handshakesPerMinute: 1 }, { upstream });
    for (let index = 0; index < 15; index += 1) await connect(recorder.url('/ocpp/CP-1'));
    const payloads = await recorder.payloads('ocpp.handshake-refused.v1');
    expect(payloads.filter(({ leg }) => leg === 'upstream')).toHaveLength(1);
    expect(upstream.requests).toEqual([]);
  });
});
