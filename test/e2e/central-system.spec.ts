import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { variableName } from '@chargeproof/config';
import type { RPCClient } from 'ocpp-rpc';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { strictCsms, strictStation } from './central-system/rpc.ts';
import { type GatewayProcess, startGatewayProcess } from './gateway/gateway-process.ts';
import { byConnection, ofStation, readEverything } from './gateway/recorded.ts';

let data: string;
const started: GatewayProcess[] = [];
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'chargeproof-central-'));
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((gateway) => gateway.signal('SIGKILL')));
  rmSync(data, { recursive: true, force: true });
});

async function start(settings: Readonly<Record<string, string>> = {}): Promise<GatewayProcess> {
  const gateway = await startGatewayProcess({
    [variableName('data', 'folder')]: data,
    [variableName('gateway', 'port')]: '0',
    [variableName('runtime', 'logLevel')]: 'warn',
    ...settings,
  });
  started.push(gateway);
  return gateway;
}

const now = () => new Date().toISOString();
const BOOT = { chargePointVendor: 'Test', chargePointModel: 'One' };

/** A visit of one car, as a station with a good schema tells it. @returns the transaction's id */
async function visit(station: RPCClient, meterStart: number): Promise<number> {
  const call = <Answer>(action: string, payload: object) => station.call(action, payload) as Promise<Answer>;
  await call('BootNotification', BOOT);
  await call('StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Preparing' });
  const { idTagInfo } = await call<{ idTagInfo: { status: string } }>('Authorize', { idTag: 'TAG' });
  expect(idTagInfo.status).toBe('Accepted');
  const { transactionId } = await call<{ transactionId: number }>('StartTransaction', {
    connectorId: 1,
    idTag: 'TAG',
    meterStart,
    timestamp: now(),
  });
  await call('MeterValues', {
    connectorId: 1,
    transactionId,
    meterValue: [{ timestamp: now(), sampledValue: [{ value: '1234', unit: 'Wh' }] }],
  });
  await call('StopTransaction', {
    transactionId,
    idTag: 'TAG',
    meterStop: meterStart + 1000,
    timestamp: now(),
  });
  await call('Heartbeat', {});
  return transactionId;
}
const CALLS_OF_A_VISIT = 7;

describe('the built-in central system', () => {
  it('satisfies a strict station, and every answer stands in the record behind its CALL', async () => {
    const gateway = await start();
    const station = await strictStation(`${gateway.address}/ocpp`, 'STRICT 1');
    expect(station.protocol).toBe('ocpp1.6');
    expect(await visit(station, 0)).toBeGreaterThan(0);
    await expect(station.call('DataTransfer', { vendorId: 'V' })).resolves.toEqual({
      status: 'UnknownVendorId',
    });
    const unknown = station.call('GetConfiguration', {});
    await expect(unknown).rejects.toMatchObject({ rpcErrorCode: 'NotSupported' });
    await station.close({});
    await gateway.signal('SIGTERM');
    const records = ofStation(await readEverything(data), 'STRICT 1');
    const frames = records.filter(({ attributes }) => attributes.type === 'ocpp.frame.v1');
    expect(
      frames.map(({ attributes: { origin, direction, protocol } }) => `${protocol} ${origin} ${direction}`),
    ).toEqual(
      Array.from({ length: CALLS_OF_A_VISIT + 2 }, () => [
        'ocpp1.6 station station-to-csms',
        'ocpp1.6 gateway csms-to-station',
      ]).flat(),
    );
    const [connection = []] = byConnection(records);
    expect(connection.map(({ attributes }) => attributes.sequence)).toEqual(
      connection.map((_, index) => index),
    );
  });

  it('never gives a transaction id twice, though it is killed between them', async () => {
    const ids: number[] = [];
    for (let run = 0; run < 4; run++) {
      const gateway = await start();
      const stations = await Promise.all(
        ['A', 'B'].map((name) => strictStation(`${gateway.address}/ocpp`, name)),
      );
      for (let meter = 0; meter < 3; meter++) {
        ids.push(...(await Promise.all(stations.map((station) => visit(station, meter)))));
      }
      await gateway.signal('SIGKILL');
      await Promise.all(stations.map((station) => station.close({ force: true })));
    }
    expect(ids).toHaveLength(24);
    expect(new Set(ids).size).toBe(24);
    expect(ids.every((id) => Number.isInteger(id) && id > 0 && id < 2 ** 31)).toBe(true);
  });

  it('answers the stations that a route gives it, and the others go to their CSMS', async () => {
    const csms = await strictCsms({ Heartbeat: { currentTime: now() } });
    const routes = join(data, 'routes.json');
    writeFileSync(routes, JSON.stringify({ HERE: 'built-in', THERE: csms.url }));
    const gateway = await start({ [variableName('gateway', 'routes')]: routes });
    for (const name of ['HERE', 'THERE', 'ELSEWHERE']) {
      const station = await strictStation(`${gateway.address}/ocpp`, name);
      await station.call('Heartbeat', {});
      await station.close({});
    }
    expect(csms.asked.map(([station]) => station)).toEqual(['THERE']);
    await csms.close();
  });

  it('that a routes file leads nowhere does not start: one line names the entry', async () => {
    const routes = join(data, 'routes.json');
    writeFileSync(routes, '{"CP-1":"csms.example"}');
    const starting = start({ [variableName('gateway', 'routes')]: routes });
    await expect(starting).rejects.toThrow(/CHARGEPROOF_GATEWAY_ROUTES: \S+routes\.json sends \S*CP-1\S* to/);
  });
});

describe('the relay', () => {
  it('stands between a strict station and a strict CSMS, and neither finds a fault', async () => {
    const accepted = { idTagInfo: { status: 'Accepted' } };
    const csms = await strictCsms({
      BootNotification: { status: 'Accepted', currentTime: now(), interval: 300 },
      Heartbeat: { currentTime: now() },
      Authorize: accepted,
      StartTransaction: { transactionId: 4711, ...accepted },
      StopTransaction: accepted,
      MeterValues: {},
      StatusNotification: {},
    });
    const gateway = await start({ [variableName('gateway', 'upstream')]: csms.url });
    const station = await strictStation(`${gateway.address}/ocpp`, 'STRICT 2');
    station.handle('GetConfiguration', () => Promise.resolve({ unknownKey: ['X'] }));
    expect(await visit(station, 0)).toBe(4711);
    const asked = csms.sessions.get('STRICT 2')?.call('GetConfiguration', { key: ['X'] });
    await expect(asked).resolves.toEqual({ unknownKey: ['X'] });
    await station.close({ code: 1000, reason: 'done' });
    await gateway.signal('SIGTERM');
    expect(csms.asked.map(([, action]) => action)).toHaveLength(CALLS_OF_A_VISIT);
    expect(csms.failures).toEqual([]);
    await csms.close();
    const frames = ofStation(await readEverything(data), 'STRICT 2').filter(
      ({ attributes }) => attributes.type === 'ocpp.frame.v1',
    );
    expect(frames).toHaveLength(2 * (CALLS_OF_A_VISIT + 1));
    expect(new Set(frames.map(({ attributes }) => attributes.origin))).toEqual(new Set(['station', 'csms']));
  });
});
