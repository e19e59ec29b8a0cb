import { createMemoryLog } from '@chargeproof/log';
import { partitionOf, readPayload, type IdleConnection, type LegPings } from '@chargeproof/record';
import { describe, expect, it, vi } from 'vitest';
import { until } from '../testing/until.ts';
import { startTcpUpstream } from '../testing/bad-upstreams.ts';
import { RecorderUnderTest } from '../testing/recorder-under-test.ts';
import { connect, startUpstream, station } from '../testing/wire.ts';

describe('a run', () => {
  it('tells every partition that it starts and stops, and of the run before it', async () => {
    const log = createMemoryLog();
    const runs: string[] = [];
    for (let life = 0; life < 2; life += 1) {
      await using recorder = await RecorderUnderTest.start({}, { log });
      runs.push(recorder.gateway.run);
    }
    const recorder = await RecorderUnderTest.start({}, { log });
    const started = await recorder.ofType('recorder.run-started.v1');
    expect(started).toHaveLength(3 * 24);
    expect(new Set(started.map(({ position }) => position.partition)).size).toBe(24);
    expect(new Set(started.map(({ key }) => key))).toEqual(new Set(['default/-']));
    const payloads = await recorder.payloads('recorder.run-started.v1');
    expect(payloads[0]?.previous).toBeUndefined();
    expect(payloads.at(24)?.previous).toEqual({ run: runs[0], endedCleanly: true });
    expect(payloads.at(-1)?.previous).toEqual({ run: runs[1], endedCleanly: true });
    const stopped = await recorder.ofType('recorder.run-stopped.v1');
    expect(stopped).toHaveLength(2 * 24);
    expect(new Set(stopped.map(({ attributes }) => attributes.id)).size).toBe(2 * 24);
    await recorder[Symbol.asyncDispose]();
  });

  it('that just ended is called so by the next', async () => {
    const log = createMemoryLog();
    const first = await RecorderUnderTest.start({}, { log });
    const charger = await station(first.url('/ocpp/CP-1'));
    charger.send('[2,"1","Heartbeat",{}]');
    await until(async () => (await first.ofType('ocpp.frame.v1')).length === 1);
    // What a killed process leaves: the log as it was, read by the next.
    await using second = await RecorderUnderTest.start({}, { log });
    expect((await second.payloads('recorder.run-started.v1')).at(-1)?.previous).toEqual({
      run: first.gateway.run,
      endedCleanly: false,
    });
    await first[Symbol.asyncDispose]();
  });

  it('closes its sockets with 1001 and records that before its last word', async () => {
    const recorder = await RecorderUnderTest.start();
    const charger = await station(recorder.url('/ocpp/CP-1'));
    const csms = await recorder.upstream.next();
    await recorder.gateway.stop('told-to');
    expect([(await charger.closed).code, (await csms.closed).code]).toEqual([1001, 1001]);
    expect(await recorder.payloads('ocpp.connection-closed.v1')).toMatchObject([
      { code: 1001, by: 'gateway' },
    ]);
    const records = (await recorder.records()).filter(
      ({ position }) => position.partition === partitionOf('default/CP-1'),
    );
    expect(records.at(-1)?.attributes.type).toBe('recorder.run-stopped.v1');
    expect((await recorder.payloads('recorder.run-stopped.v1'))[0]).toMatchObject({
      run: recorder.gateway.run,
      reason: 'told-to',
    });
    await recorder[Symbol.asyncDispose]();
  });

  it('stops though a peer does not answer its close', async () => {
    const recorder = await RecorderUnderTest.start();
    const charger = await station(recorder.url('/ocpp/CP-1'));
    charger.socket.pause();
    await recorder.gateway.stop();
    charger.socket.resume();
    expect(await recorder.payloads('ocpp.connection-closed.v1')).toMatchObject([{ code: 1001 }]);
    await recorder[Symbol.asyncDispose]();
  });

  it('does not start on a port that is taken, and says in the log that it ended', async () => {
    const upstream = await startUpstream();
    const log = createMemoryLog();
    await expect(
      RecorderUnderTest.start({ port: Number(new URL(upstream.url).port) }, { log, upstream }),
    ).rejects.toMatchObject({ code: 'EADDRINUSE' });
    const records = await log.read({
      topic: 'ocpp.frames',
      from: new Map(),
      maxRecords: 1000,
      maxBytes: 1e9,
    });
    expect(readPayload('recorder.run-stopped.v1', records.at(-1)!.value).reason).toBe('cannot-listen');
    await upstream.close();
  });
});

const legsOf = (idle: IdleConnection | undefined): readonly LegPings[] => Object.values(idle?.pings ?? {});

describe('a tick', () => {
  const partition = partitionOf('default/CP-1');
  const ticksOf = async (recorder: RecorderUnderTest) =>
    (await recorder.ofType('recorder.tick.v1'))
      .filter(({ position }) => position.partition === partition)
      .map(({ value }) => readPayload('recorder.tick.v1', value));

  it('comes after the records it counts', async () => {
    await using recorder = await RecorderUnderTest.start();
    const charger = await station(recorder.url('/ocpp/CP-1'));
    for (let index = 0; index < 50; index += 1) charger.send(`[2,"${index}","Heartbeat",{}]`);
    await until(async () => (await recorder.ofType('ocpp.frame.v1')).length > 10);
    await recorder.gateway.tick();
    await until(async () => (await recorder.ofType('ocpp.frame.v1')).length === 50);
    await recorder.gateway.tick();
    const records = (await recorder.records()).filter(({ position }) => position.partition === partition);
    let since = 0;
    let ordinal = 0;
    for (const { attributes, value } of records) {
      if (attributes.type !== 'recorder.tick.v1') {
        since += 1;
        continue;
      }
      expect(readPayload('recorder.tick.v1', value)).toMatchObject({ ordinal, appended: since });
      since = 0;
      ordinal += 1;
    }
    expect(ordinal).toBe(2);
  });

  it('is written by itself', async () => {
    await using recorder = await RecorderUnderTest.start({ tickSeconds: 0.05 });
    await until(async () => (await ticksOf(recorder)).length >= 2);
    expect((await recorder.ofType('recorder.tick.v1')).length % 24).toBe(0);
  });

  it('names the connections that were idle, with the pings of both legs', async () => {
    await using recorder = await RecorderUnderTest.start({ pingSeconds: 0.03 });
    const charger = await station(recorder.url('/ocpp/CP-1'));
    const csms = await recorder.upstream.next();
    charger.send('[2,"1","Heartbeat",{}]');
    await until(async () => (await recorder.ofType('ocpp.frame.v1')).length === 1);
    await recorder.gateway.tick();
    expect((await ticksOf(recorder))[0]?.idle).toEqual([]);
    for (const { socket } of [charger, charger, charger, csms, csms]) {
      await new Promise((resolve) => {
        socket.once('pong', resolve).ping();
      });
    }
    let last: readonly LegPings[] = [];
    await until(async () => {
      await recorder.gateway.tick();
      last = legsOf((await ticksOf(recorder)).at(-1)?.idle[0]);
      return last.length === 2 && last.every(({ roundTrip }) => roundTrip !== undefined);
    });
    const [second] = (await ticksOf(recorder))[1]?.idle ?? [];
    const [record] = await recorder.ofType('ocpp.frame.v1');
    expect(second).toMatchObject({
      connection: record?.attributes.connection,
      lastSequence: 2,
      pings: { station: { seen: 3 }, upstream: { seen: 2 } },
    });
    for (const { shortestGap, longestGap = 0 } of legsOf(second)) {
      expect(shortestGap).toBeGreaterThan(0);
      expect(shortestGap).toBeLessThanOrEqual(longestGap);
    }
    for (const { roundTrip } of last) expect(roundTrip).toBeGreaterThan(0);
  });
});

describe('pings', () => {
  it('end at the gateway, on each leg', async () => {
    await using recorder = await RecorderUnderTest.start();
    const charger = await station(recorder.url('/ocpp/CP-1'));
    const csms = await recorder.upstream.next();
    const relayed = vi.fn();
    charger.socket.on('ping', relayed);
    csms.socket.on('ping', relayed);
    for (const { socket } of [charger, csms]) {
      const data = await new Promise<Buffer>((resolve) => {
        socket.once('pong', resolve).ping('mine');
      });
      expect(data.toString()).toBe('mine');
    }
    charger.send('after');
    await until(() => csms.got.length === 1);
    expect(relayed).not.toHaveBeenCalled();
  });

  it('find a half-open station, and its upstream hears that it went away', async () => {
    await using recorder = await RecorderUnderTest.start({ pingSeconds: 0.03 });
    await station(recorder.url('/ocpp/CP-1'), ['ocpp1.6'], { autoPong: false });
    const csms = await recorder.upstream.next();
    expect(await csms.closed).toMatchObject({ code: 1001 });
    expect(await recorder.payloads('ocpp.connection-closed.v1')).toEqual([
      { code: 1006, reason: 'no pong from the station', by: 'gateway' },
    ]);
  });

  it('leave a station alone that answers', async () => {
    await using recorder = await RecorderUnderTest.start({ pingSeconds: 0.02 });
    const charger = await station(recorder.url('/ocpp/CP-1'));
    let pings = 0;
    charger.socket.on('ping', () => (pings += 1));
    await until(() => pings >= 6);
    expect(charger.socket.readyState).toBe(charger.socket.OPEN);
  });
});

describe('a stop', () => {
  it('does not wait for an upstream that does not answer a handshake', async () => {
    const asked = Promise.withResolvers<undefined>();
    const recorder = await RecorderUnderTest.start(
      { upstreamTimeoutSeconds: 60 },
      {
        upstream: await startTcpUpstream(() => {
          asked.resolve(undefined);
        }),
      },
    );
    const answer = connect(recorder.url('/ocpp/CP-1'));
    await asked.promise;
    await recorder.gateway.stop();
    expect(await answer).toMatchObject({ status: 503, body: 'stopping' });
    expect((await recorder.records()).at(-1)?.attributes.type).toBe('recorder.run-stopped.v1');
    await recorder[Symbol.asyncDispose]();
  });
});
