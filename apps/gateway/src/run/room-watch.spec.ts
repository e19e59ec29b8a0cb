import { afterEach, describe, expect, it } from 'vitest';
import type { SpoolView } from '../operations/spool-view.ts';
import { RecorderUnderTest } from '../testing/recorder-under-test.ts';
import { until } from '../testing/until.ts';
import { connect, station } from '../testing/wire.ts';

type Changing = { -readonly [Member in keyof SpoolView]: SpoolView[Member] };

const STATUS = { records: 0, bytes: 0, drained: 0, silentSeconds: 0, reason: '' };
const spool: Changing = { fill: 'room', status: { ...STATUS, state: 'direct' } };
afterEach(() => {
  spool.fill = 'room';
  spool.status = { ...STATUS, state: 'direct' };
});

const readyz = async (recorder: RecorderUnderTest) =>
  (await fetch(recorder.url('/readyz').replace('ws:', 'http:'))).json();
const beforeTheNextLook = () => new Promise((resolve) => setTimeout(resolve, 400));

describe('a spool that fills', () => {
  it('is met by new stations with 503, by those connected with silence, and at its limit with 1013', async () => {
    await using recorder = await RecorderUnderTest.start({}, { spool });
    const charger = await station(recorder.url('/ocpp/CP-1'));
    const csms = await recorder.upstream.next();
    charger.send('[2,"1","Heartbeat",{}]');
    await until(() => csms.got.length === 1);

    spool.fill = 'near';
    await beforeTheNextLook();
    expect(await connect(recorder.url('/ocpp/CP-2'))).toMatchObject({ status: 503, body: 'log-filling' });
    charger.send('[2,"2","Heartbeat",{}]');
    csms.send('[3,"1",{}]');
    await beforeTheNextLook();
    expect([csms.got.length, charger.got.length]).toEqual([1, 0]);

    spool.fill = 'room';
    await until(() => csms.got.length === 2 && charger.got.length === 1);

    spool.fill = 'full';
    expect((await charger.closed).code).toBe(1013);
    await until(() => csms.got.length === 2);
  });
});

describe('a gateway whose log is away', () => {
  it('is ready, and says what is not as it should be', async () => {
    await using recorder = await RecorderUnderTest.start({}, { spool });
    expect(await readyz(recorder)).toEqual({ status: 'ready' });
    spool.status = { ...STATUS, state: 'spooling', records: 7, bytes: 4096, reason: 'no broker answers' };
    expect(await readyz(recorder)).toEqual({
      status: 'degraded',
      reasons: [{ check: 'log', reason: 'spooling, 7 records in 4096 bytes: no broker answers' }],
    });
    const metrics = await (await fetch(recorder.url('/metrics').replace('ws:', 'http:'))).text();
    expect(metrics).toMatch(/^chargeproof_spool_records 7$/m);
    expect(metrics).toMatch(/^chargeproof_spool_state\{kind="spooling"\} 1$/m);
  });
});
