import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { until } from '../testing/until.ts';
import { RecorderUnderTest } from '../testing/recorder-under-test.ts';
import { connect, End, startUpstream, station } from '../testing/wire.ts';

const REPLACED = 'the station came again over another socket';
const HEARTBEAT = '[2,"1","Heartbeat",{}]';

describe('a station that comes again while its socket is open', () => {
  it('is heard on the new one; the old one is told with 1008, its CSMS with 1001, and the record says who', async () => {
    await using recorder = await RecorderUnderTest.start();
    const first = await station(recorder.url('/ocpp/CP-1'));
    const firstUp = await recorder.upstream.next();
    const second = await station(recorder.url('/ocpp/CP-1'));
    const secondUp = await recorder.upstream.next();
    expect(await first.closed).toEqual({ code: 1008, reason: REPLACED });
    expect(await firstUp.closed).toEqual({ code: 1001, reason: REPLACED });
    second.send(HEARTBEAT);
    await until(() => secondUp.texts.length === 1);
    const [old, , fresh] = await recorder.ofType('ocpp.handshake-accepted.v1');
    const closed = await recorder.ofType('ocpp.connection-closed.v1');
    expect(closed.map(({ attributes }) => attributes.connection)).toEqual([old?.attributes.connection]);
    expect(await recorder.payloads('ocpp.connection-closed.v1')).toEqual([
      { code: 1008, reason: REPLACED, by: 'gateway' },
    ]);
    expect((await recorder.payloads('ocpp.handshake-accepted.v1'))[2]?.previousConnection).toBe(
      old?.attributes.connection,
    );
    expect(fresh?.attributes.connection).not.toBe(old?.attributes.connection);
  });

  it('keeps what the old one had said: it is relayed before its end', async () => {
    await using recorder = await RecorderUnderTest.start();
    const first = await station(recorder.url('/ocpp/CP-1'));
    const firstUp = await recorder.upstream.next();
    for (let index = 0; index < 50; index += 1) first.send(`[2,"${index}","Heartbeat",{}]`);
    await new Promise((resolve) => {
      first.socket.once('pong', resolve).ping();
    });
    await station(recorder.url('/ocpp/CP-1'));
    await firstUp.closed;
    expect(firstUp.got).toEqual(first.sent);
  });

  it('is answered by the built-in central system in the same way', async () => {
    await using recorder = await RecorderUnderTest.start({ upstream: undefined });
    const first = await station(recorder.url('/ocpp/CP-1'));
    const second = await station(recorder.url('/ocpp/CP-1'));
    expect(await first.closed).toEqual({ code: 1008, reason: REPLACED });
    second.send(HEARTBEAT);
    await until(() => second.texts.length === 1);
  });

  it('is so too where the old one is half open: that answers nothing, and is gone', async () => {
    await using recorder = await RecorderUnderTest.start({ pingSeconds: 60 });
    const dead = await station(recorder.url('/ocpp/CP-1'));
    const deadUp = await recorder.upstream.next();
    // It reads nothing more, its close frame neither, as a charger whose modem lost the network.
    dead.socket.pause();
    await station(recorder.url('/ocpp/CP-1'));
    expect(await deadUp.closed).toMatchObject({ code: 1001 });
    expect(await recorder.payloads('ocpp.connection-closed.v1')).toEqual([
      { code: 1008, reason: REPLACED, by: 'gateway' },
    ]);
  });

  it('does not lose its socket to one that the CSMS refuses', async () => {
    await using recorder = await RecorderUnderTest.start(
      {},
      {
        upstream: await startUpstream({
          verifyClient: ({ req }: { req: IncomingMessage }) => req.headers.authorization !== 'Basic eDp5',
        }),
      },
    );
    const first = await station(recorder.url('/ocpp/CP-1'));
    const up = await recorder.upstream.next();
    const stranger = await connect(recorder.url('/ocpp/CP-1'), ['ocpp1.6'], {
      headers: { Authorization: 'Basic eDp5' },
    });
    expect(stranger).toMatchObject({ status: 401 });
    first.send(HEARTBEAT);
    await until(() => up.texts.length === 1);
    expect(await recorder.ofType('ocpp.connection-closed.v1')).toEqual([]);
  });
});

it('two chargers with one identity take turns no faster than they may, and nobody else waits for them', async () => {
  await using recorder = await RecorderUnderTest.start({ handshakesPerMinute: 20 });
  const other = await station(recorder.url('/ocpp/CP-2'));
  const otherUp = await recorder.upstream.next();
  let refused = 0;
  let turns = 0;
  const flap = async () => {
    // As eager as can be: each comes back as soon as the other has taken its place.
    while (refused < 50) {
      const end = await connect(recorder.url('/ocpp/CP-1'));
      if (end instanceof End) {
        turns += 1;
        await Promise.race([end.closed, until(() => refused >= 50)]);
      } else {
        expect(end).toMatchObject({ status: 429, body: 'too-many-handshakes' });
        expect(Number(end.headers['retry-after'])).toBeGreaterThan(0);
        refused += 1;
      }
    }
  };
  await Promise.all([flap(), flap()]);
  other.send(HEARTBEAT);
  await until(() => otherUp.texts.length === 1);
  expect(turns).toBeGreaterThanOrEqual(20);
  expect(turns).toBeLessThan(40);
  await recorder.gateway.tick();
  const refusals = await recorder.payloads('ocpp.handshake-refused.v1');
  expect(refusals.length).toBeLessThanOrEqual(11);
  expect(refusals.reduce((sum, { count = 1 }) => sum + count, 0)).toBe(refused);
});
