import { describe, expect, it } from 'vitest';
import { until } from './testing/until.ts';
import { RecorderUnderTest } from './testing/recorder-under-test.ts';
import { connect, station } from './testing/wire.ts';

const BOOT = '[2,"1","BootNotification",{"chargePointVendor":"V","chargePointModel":"M"}]';
const ACCEPTED = '[3,"1",{"status":"Accepted","currentTime":"2026-01-01T00:00:00Z","interval":60}]';

describe('the gateway', () => {
  it('records a frame before it goes on, and both sides see the same bytes', async () => {
    await using recorder = await RecorderUnderTest.start();
    const charger = await station(recorder.url('/ocpp/CP-1'));
    expect(charger.socket.protocol).toBe('ocpp1.6');
    const csms = await recorder.upstream.next();
    charger.send(BOOT);
    await until(() => csms.texts.length === 1);
    expect(csms.texts).toEqual([BOOT]);
    const [frame] = await recorder.ofType('ocpp.frame.v1');
    expect(frame?.attributes).toMatchObject({
      subject: 'CP-1',
      direction: 'station-to-csms',
      origin: 'station',
      opcode: 'text',
      protocol: 'ocpp1.6',
      sequence: 2,
    });
    csms.send(ACCEPTED);
    await until(() => charger.texts.length === 1);
    charger.socket.close(3001, 'bye');
    expect(await csms.closed).toEqual({ code: 3001, reason: 'bye' });
    expect(await recorder.payloads('ocpp.connection-closed.v1')).toEqual([
      { code: 3001, reason: 'bye', by: 'station' },
    ]);
  });

  it('refuses what names no station', async () => {
    await using recorder = await RecorderUnderTest.start();
    expect(await connect(recorder.url('/elsewhere'))).toMatchObject({ status: 404, body: 'path-not-ours' });
    const [refused] = await recorder.ofType('ocpp.handshake-refused.v1');
    expect(refused?.key).toBe('default/-');
  });
});
