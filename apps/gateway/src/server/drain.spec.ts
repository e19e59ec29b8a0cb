import { describe, expect, it } from 'vitest';
import { RecorderUnderTest } from '../testing/recorder-under-test.ts';
import { until } from '../testing/until.ts';
import { connect, station } from '../testing/wire.ts';

const NAMES = ['CP-1', 'CP-2', 'CP-3', 'CP-4'];
const GOODBYE = { code: 1001, reason: 'the recorder stops' };

async function readiness(recorder: RecorderUnderTest) {
  const answer = await fetch(recorder.url('/readyz').replace('ws:', 'http:'));
  return { status: answer.status, text: await answer.text() };
}

describe('a gateway that drains', () => {
  it('says so at once, takes no new station, and lets those there go one after the other', async () => {
    await using recorder = await RecorderUnderTest.start({ drainSeconds: 2 });
    const chargers = [];
    for (const name of NAMES) chargers.push(await station(recorder.url(`/ocpp/${name}`)));
    const began = performance.now();
    const left = chargers.map(async ({ closed }) => ({ ...(await closed), at: performance.now() - began }));
    const drained = recorder.gateway.drain('SIGTERM');
    const { status, text } = await readiness(recorder);
    expect(status).toBe(503);
    expect(text).toMatch(/"check":"process","reason":"draining, [34] stations are still connected"/);
    expect(await connect(recorder.url('/ocpp/CP-5'))).toMatchObject({ status: 503, body: 'stopping' });
    const ends = await Promise.all(left);
    await drained;
    expect(performance.now() - began).toBeLessThan(2000 + 500);
    for (const [turn, { at, ...end }] of ends.entries()) {
      expect(end).toMatchObject(GOODBYE);
      // Three quarters of two seconds for four of them.
      expect(at).toBeGreaterThanOrEqual(turn * 375 - 5);
    }
    const records = await recorder.records();
    const refused = records.find(({ attributes }) => attributes.subject === 'CP-5');
    expect(refused?.attributes.type).toBe('ocpp.handshake-refused.v1');
    expect(await recorder.payloads('recorder.run-stopped.v1')).toContainEqual(
      expect.objectContaining({ reason: 'SIGTERM' }),
    );
    expect(records.at(-1)?.attributes.type).toBe('recorder.run-stopped.v1');
  });

  it('passes on the answers that either side waits for, then closes', async () => {
    await using recorder = await RecorderUnderTest.start({ drainSeconds: 20 });
    const charger = await station(recorder.url('/ocpp/CP-1'));
    const csms = await recorder.upstream.next();
    charger.send('[2,"up","Heartbeat",{}]');
    csms.send('[2,"down","Reset",{"type":"Soft"}]');
    await until(() => csms.got.length === 1 && charger.got.length === 1);
    const drained = recorder.gateway.drain();
    csms.send('[3,"up",{"currentTime":"2026-01-01T00:00:00Z"}]');
    await until(() => charger.got.length === 2);
    expect(charger.socket.readyState).toBe(charger.socket.OPEN);
    charger.send('[3,"down",{"status":"Accepted"}]');
    expect(await charger.closed).toMatchObject(GOODBYE);
    await drained;
    expect(csms.got).toHaveLength(2);
    expect(await recorder.payloads('ocpp.relay-failed.v1')).toEqual([]);
  });

  it('waits no longer for an answer than the time it has', async () => {
    await using recorder = await RecorderUnderTest.start({ drainSeconds: 1 });
    const charger = await station(recorder.url('/ocpp/CP-1'));
    charger.send('[2,"up","Heartbeat",{}]');
    await until(() => recorder.upstream.ends.at(-1)?.got.length === 1);
    const began = performance.now();
    await recorder.gateway.drain();
    expect(performance.now() - began).toBeGreaterThanOrEqual(995);
    expect(await charger.closed).toMatchObject(GOODBYE);
  });

  it('ends at once when it is told to stop, still in order', async () => {
    await using recorder = await RecorderUnderTest.start({ drainSeconds: 3600 });
    const chargers = await Promise.all(NAMES.map((name) => station(recorder.url(`/ocpp/${name}`))));
    const drained = recorder.gateway.drain('SIGTERM');
    await chargers[0]?.closed;
    await recorder.gateway.stop();
    await drained;
    for (const { closed } of chargers) expect(await closed).toMatchObject(GOODBYE);
    expect(await recorder.payloads('recorder.run-stopped.v1')).toContainEqual(
      expect.objectContaining({ reason: 'SIGTERM' }),
    );
  });
});
