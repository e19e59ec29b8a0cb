import { request } from 'node:http';
import { LogFailed, LogFull } from '@chargeproof/log';
import { describe, expect, it } from 'vitest';
import { RecorderUnderTest } from '../testing/recorder-under-test.ts';
import { until } from '../testing/until.ts';
import { connect, station } from '../testing/wire.ts';
import { withAppend } from '../testing/wrapped-log.ts';

const TOKEN = 'the-token-of-the-api';
type Answered = { readonly status: number | undefined; readonly body: string };

/** fetch does not let a caller name another host. */
function get(recorder: RecorderUnderTest, path: string, headers: Record<string, string> = {}) {
  return new Promise<Answered>((resolve, reject) => {
    request(recorder.url(path).replace('ws:', 'http:'), { headers }, (response) => {
      let body = '';
      response.on('data', (chunk) => (body += String(chunk)));
      response.on('end', () => {
        resolve({ status: response.statusCode, body });
      });
    })
      .on('error', reject)
      .end();
  });
}

async function figures(recorder: RecorderUnderTest): Promise<ReadonlyMap<string, number>> {
  const { body } = await get(recorder, '/metrics');
  const lines = body.split('\n').filter((line) => line.startsWith('chargeproof_'));
  return new Map(
    lines.map((line) => [line.slice(12, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]),
  );
}

describe('the metrics of a gateway', () => {
  it('count what went through it, and name nobody', async () => {
    await using recorder = await RecorderUnderTest.start({ maxFrameBytes: 1024 });
    const charger = await station(recorder.url('/ocpp/CP-SECRET'));
    const csms = await recorder.upstream.next();
    charger.send('[2,"1","Heartbeat",{}]');
    charger.send('[2,"2","Heartbeat",{}]');
    csms.send('[3,"1",{}]');
    await until(() => csms.got.length === 2 && charger.got.length === 1);
    await connect(recorder.url('/ocpp/nobody/CP-SECRET'));
    const before = await figures(recorder);
    expect(before.get('frames_total{direction="station-to-csms"}')).toBe(2);
    expect(before.get('frame_bytes_total{direction="csms-to-station"}')).toBe(10);
    expect(before.get('relay_seconds_count{direction="station-to-csms"}')).toBe(2);
    expect(before.get('relay_seconds_sum{direction="station-to-csms"}')).toBeGreaterThan(0);
    expect(before.get('append_seconds_count')).toBeGreaterThan(0);
    expect(before.get('connections')).toBe(1);
    expect(before.get('handshakes_refused_total{reason="unknown-tenant"}')).toBe(1);
    charger.send('x'.repeat(2000));
    await charger.closed;
    const after = await figures(recorder);
    expect(after.get('frames_refused_total{reason="frame-too-long"}')).toBe(1);
    expect((await get(recorder, '/metrics')).body).not.toMatch(/SECRET|nobody/);
  });
});

describe('whether a gateway is ready', () => {
  it('is a matter of the log: full or failed, it says so', async () => {
    let fault: Error | undefined;
    await using recorder = await RecorderUnderTest.start(
      {},
      {
        wrap: (bare) =>
          withAppend(bare, (topic, records) =>
            fault === undefined ? bare.append(topic, records) : Promise.reject(fault),
          ),
      },
    );
    expect(await get(recorder, '/readyz')).toEqual({ status: 200, body: '{"status":"ready"}' });
    fault = new LogFull('full');
    await recorder.gateway.tick().catch(() => undefined);
    expect(await get(recorder, '/readyz')).toEqual({
      status: 503,
      body: '{"status":"not ready","reasons":[{"check":"log-append","reason":"it is full"}]}',
    });
    fault = undefined;
    await recorder.gateway.tick();
    expect((await get(recorder, '/readyz')).status).toBe(200);
    fault = new LogFailed('an input or output error');
    await recorder.gateway.tick().catch(() => undefined);
    expect((await get(recorder, '/readyz')).body).toContain('it takes no records any more');
    expect((await get(recorder, '/healthz')).status).toBe(200);
  });

  it('and its figures are told to no station, only to this machine and to who shows the token', async () => {
    await using recorder = await RecorderUnderTest.start({}, { token: TOKEN });
    const byName = { host: 'ocpp.example' };
    for (const path of ['/readyz', '/metrics']) {
      expect((await get(recorder, path, byName)).status).toBe(401);
      expect((await get(recorder, path, { ...byName, authorization: `Bearer ${TOKEN}` })).status).toBe(200);
    }
  });
});
