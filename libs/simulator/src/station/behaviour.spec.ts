import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type CentralSystem, startCentralSystem } from '../central-system.ts';
import { aprotechAtEv310, autocryptAco100, ecarplugAcCpt, elCsms, seokangOc1622 } from '../devices/index.ts';
import type { CertifiedStation } from '../device/profile.ts';
import { FAULTS, LONG_TAG } from '../faults.ts';
import { Ledger } from '../ledger.ts';
import type { Payload } from '../peer.ts';
import { seeded } from '../random.ts';
import { SimulatedStation } from './station.ts';

const START = Date.parse('2026-11-21T09:00:00.250Z');
const central: CentralSystem[] = [];
afterEach(() => Promise.all(central.splice(0).map((one) => one.close())));

/** A clock that stands until somebody waits: a run in it takes no time, and is the same each time. */
function clock() {
  let now = START;
  return {
    now: () => now,
    pause: async (milliseconds: number) => {
      now += milliseconds;
      await wait(0);
    },
  };
}

type Frame = readonly [number, string, string | Payload, Payload?];

/** A station under EL-CSMS, each in a time of its own. */
async function scene(profile: CertifiedStation, seed = 'a') {
  const ledger = new Ledger();
  const texts: { by: string; text: string }[] = [];
  const note = ledger.note.bind(ledger);
  vi.spyOn(ledger, 'note').mockImplementation((...[station, by, event, data]) => {
    if (event === 'sent') texts.push({ by, text: String(data) });
    note(station, by, event, data);
  });
  const random = seeded(seed);
  const csms = await startCentralSystem({
    ledger,
    ...clock(),
    now: () => START,
    heartbeatSeconds: 60,
    profile: elCsms,
    random: random.fork('csms'),
  });
  central.push(csms);
  const station = new SimulatedStation({
    profile,
    url: csms.url,
    ledger,
    random: random.fork(profile.identity),
    ...clock(),
  });
  /** CALLs of an action that the station sent: their payloads. */
  const said = (action: string) =>
    texts.flatMap(({ by, text }) => {
      if (by !== 'station' || !text.endsWith(']')) return [];
      const [type, , name, payload] = JSON.parse(text) as Frame;
      return type === 2 && name === action ? [payload ?? {}] : [];
    });
  const sent = (side: 'station' | 'csms') => texts.flatMap(({ by, text }) => (by === side ? [text] : []));
  return { ledger, csms, station, said, sent };
}

async function visit(station: SimulatedStation, milliseconds: number): Promise<void> {
  await station.become(1, 'Preparing');
  if (await station.authorize('TAG1')) await station.start(1, 'TAG1');
  await station.pass(milliseconds);
  await station.stop(1, 'Local');
}

/** Offline with a car, a command, a fault: all that could make two runs differ. */
async function play(seed: string) {
  const { ledger, csms, station } = await scene(ecarplugAcCpt, seed);
  station.faults.arm('old-status');
  await station.connect();
  await csms.call(station.identity, 'GetConfiguration', {});
  await csms.call(station.identity, 'TriggerMessage', { requestedMessage: 'StatusNotification' });
  await station.start(1, 'TAG1');
  await station.pass(25_000);
  await station.loseLink();
  await station.pass(25_000);
  await station.reconnect();
  await station.stop(1, 'Local');
  await station.disconnect();
  return ledger;
}

describe('a simulated station', () => {
  it('of the same seed sends the same frames and charges the same, of another seed others', async () => {
    const [first, again, other] = [await play('a'), await play('a'), await play('b')];
    expect(again).toEqual(first);
    expect(other.entries).not.toEqual(first.entries);
    expect(first.transactions[0]?.energyWh).toBeGreaterThan(20);
    expect(first.faults).toMatchObject([{ fault: 'old-status', station: 'ECARPLUG-0060' }]);
  });

  it('charges on without a link, and tells it afterwards by its own clock', async () => {
    const { ledger, station, said } = await scene(ecarplugAcCpt);
    await station.connect();
    await station.loseLink();
    await visit(station, 60_000);
    expect(said('StartTransaction')).toEqual([]);
    await station.pass(100_000);
    await station.reconnect();
    const [start] = said('StartTransaction');
    const [stop] = said('StopTransaction');
    expect([start?.timestamp, stop?.timestamp]).toEqual([
      '2026-11-21T09:00:00.250Z',
      '2026-11-21T09:01:00.250Z',
    ]);
    const [truth] = ledger.transactions;
    expect(said('MeterValues').map(({ transactionId }) => transactionId)).toEqual(
      Array(6).fill(truth?.transactionId),
    );
    expect(stop?.transactionId).toBe(truth?.transactionId);
    expect(Number(stop?.meterStop) - Number(start?.meterStart)).toBe(truth?.energyWh);
    expect(ledger.links.map(({ connected }) => connected)).toEqual([true, false, true]);
  });

  it('sends a transaction message again after an error, and gives it up after its attempts', async () => {
    const { csms, station, said } = await scene(seokangOc1622);
    await station.connect();
    await csms.call(station.identity, 'ChangeConfiguration', {
      key: 'TransactionMessageAttempts',
      value: '2',
    });
    csms.refuse(station.identity, 'StopTransaction', 3);
    await visit(station, 1000);
    await station.pass(59_000);
    expect(said('StopTransaction')).toHaveLength(1);
    await station.pass(2000);
    expect(said('StopTransaction')).toHaveLength(2);
    await visit(station, 1000);
    await station.pass(61_000);
    expect(said('StopTransaction')).toHaveLength(4);
  });

  it('answers by its profile: supported profiles, unsupported ones, and what nobody knows', async () => {
    const asked = async (profile: CertifiedStation, action: string, payload: Payload) => {
      const { csms, station } = await scene(profile);
      await station.connect();
      return csms.call(station.identity, action, payload).catch((error: unknown) => String(error));
    };
    expect(await asked(ecarplugAcCpt, 'UnlockConnector', { connectorId: 1 })).toEqual({
      status: 'NotSupported',
    });
    expect(await asked(seokangOc1622, 'UnlockConnector', { connectorId: 1 })).toEqual({ status: 'Unlocked' });
    expect(await asked(autocryptAco100, 'ClearCache', {})).toEqual({ status: 'Rejected' });
    expect(await asked(aprotechAtEv310, 'ReserveNow', {})).toContain('NotSupported');
    expect(await asked(aprotechAtEv310, 'Juggle', {})).toContain('NotImplemented');
    const all = (await asked(ecarplugAcCpt, 'GetConfiguration', {})) as { configurationKey: unknown[] };
    expect(all.configurationKey).toHaveLength(46);
    const some = await asked(aprotechAtEv310, 'GetConfiguration', {
      key: ['heartbeatinterval', 'BlinkRepeat'],
    });
    expect(some).toEqual({
      configurationKey: [{ key: 'HeartbeatInterval', readonly: false, value: '60' }],
      unknownKey: ['BlinkRepeat'],
    });
    const change = (key: string, value: string) =>
      asked(ecarplugAcCpt, 'ChangeConfiguration', { key, value });
    expect(await change('NumberOfConnectors', '2')).toEqual({ status: 'Rejected' });
    expect(await change('HeartbeatInterval', '-1')).toEqual({ status: 'Rejected' });
    expect(await change('heartbeatinterval', '5')).toEqual({ status: 'Accepted' });
    expect(await change('Juggle', '5')).toEqual({ status: 'NotSupported' });
  });

  it('carries out what it was told: remote start and stop, out of use when the car has gone, a reset', async () => {
    const { csms, station, said, ledger } = await scene(seokangOc1622);
    await station.connect();
    const tell = (action: string, payload: Payload) => csms.call(station.identity, action, payload);
    expect(await tell('RemoteStartTransaction', { idTag: 'FAR', connectorId: 1 })).toEqual({
      status: 'Accepted',
    });
    await station.pass(20_000);
    expect(said('Authorize')).toEqual([{ idTag: 'FAR' }]);
    expect(await tell('ChangeAvailability', { connectorId: 1, type: 'Inoperative' })).toEqual({
      status: 'Scheduled',
    });
    const { transactionId } = ledger.transactions[0] ?? {};
    expect(await tell('RemoteStopTransaction', { transactionId })).toEqual({ status: 'Accepted' });
    await station.attend();
    expect(said('StopTransaction')).toMatchObject([{ transactionId, reason: 'Remote' }]);
    expect(said('StatusNotification').at(-1)).toMatchObject({ connectorId: 1, status: 'Unavailable' });
    await tell('Reset', { type: 'Soft' });
    await station.attend();
    expect(said('BootNotification')).toHaveLength(2);
    expect(said('StatusNotification').at(-1)).toMatchObject({ connectorId: 1, status: 'Unavailable' });
  });

  it('keeps the habits of its device', async () => {
    const one = await scene(aprotechAtEv310);
    await one.station.connect();
    await visit(one.station, 60_000);
    expect(one.said('StartTransaction')[0]?.timestamp).toBe('2026-11-21T09:00:00Z');
    expect(one.said('MeterValues')).toEqual([]);
    expect(one.said('StopTransaction')[0]).not.toHaveProperty('transactionData');
    const other = await scene(seokangOc1622);
    await other.station.connect();
    await visit(other.station, 20_000);
    const { transactionData } = other.said('StopTransaction')[0] as {
      transactionData: { sampledValue: Payload[] }[];
    };
    expect(transactionData.map(({ sampledValue }) => sampledValue[0]?.context)).toEqual([
      'Transaction.Begin',
      'Sample.Periodic',
      'Sample.Periodic',
      'Transaction.End',
    ]);
    expect(transactionData[0]?.sampledValue[0]).toMatchObject({
      unit: 'kWh',
      value: expect.stringMatching(/^\d+\.\d{3}$/) as string,
    });
  });

  it('commits each fault once, and says so in the ledger', async () => {
    const { csms, station, said, ledger, sent } = await scene(ecarplugAcCpt);
    station.faults.arm('hasty-boot');
    await station.connect();
    expect(
      sent('station')
        .slice(0, 2)
        .map((text) => /"([A-Z]\w+)"/.exec(text)?.[1]),
    ).toEqual(['BootNotification', 'Heartbeat']);
    for (const fault of ['long-tag', 'number-for-text', 'no-error-code', 'old-status'] as const)
      station.faults.arm(fault);
    await visit(station, 20_000);
    await visit(station, 20_000);
    await station.start(1, 'TAG2');
    await station.pass(20_000);
    await station.stop(1, 'Local');
    expect(said('Authorize')).toEqual([{ idTag: LONG_TAG }, { idTag: 'TAG1' }]);
    const values = said('MeterValues').map(({ meterValue }) => {
      const [{ sampledValue }] = meterValue as [{ sampledValue: [{ value: unknown }] }];
      return typeof sampledValue[0].value;
    });
    expect(values).toEqual(['number', 'string', 'string', 'string']);
    expect(said('StatusNotification').filter((payload) => !('errorCode' in payload))).toHaveLength(1);
    expect(said('StatusNotification').filter(({ status }) => status === 'Occupied')).toHaveLength(1);
    station.faults.arm('cut-frame');
    station.faults.arm('two-calls');
    await station.misbehave();
    const [cut, ...calls] = sent('station').slice(-3);
    expect(() => JSON.parse(cut ?? '') as unknown).toThrow();
    expect(calls.map((text) => (JSON.parse(text) as Frame)[2])).toEqual(['Heartbeat', 'Heartbeat']);
    station.faults.arm('no-answer');
    const unanswered = csms.call(station.identity, 'ClearCache', {});
    const rejected = expect(unanswered).rejects.toThrow('SocketClosed');
    await vi.waitUntil(() => ledger.faults.some(({ fault }) => fault === 'no-answer'), 20_000);
    await station.disconnect();
    await rejected;
    expect(ledger.faults.map(({ fault }) => fault).sort()).toEqual(Object.keys(FAULTS).sort());
  });
});
