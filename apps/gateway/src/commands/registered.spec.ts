import { type CommandRequested, readPayload } from '@chargeproof/record';
import { describe, expect, it } from 'vitest';
import { NO_FILES } from '../central-system/file-policies.ts';
import { decisions, ended, request, REQUESTED, SEALING } from '../testing/asked-commands.ts';
import { RecorderUnderTest } from '../testing/recorder-under-test.ts';
import { until } from '../testing/until.ts';
import { type End, station } from '../testing/wire.ts';

const BOOT = '[2,"b","BootNotification",{"chargePointVendor":"V","chargePointModel":"M"}]';
const BOOT_201 =
  '[2,"b","BootNotification",{"reason":"PowerUp","chargingStation":{"model":"M","vendorName":"V"}}]';

const alone = (status: 'Accepted' | 'Pending' | 'Rejected') =>
  RecorderUnderTest.start(
    { upstream: undefined },
    {
      ...SEALING,
      readConfiguration: true,
      policies: {
        ...NO_FILES,
        stations: () => ({ find: () => undefined, others: { status, interval: 60 } }),
      },
    },
  );

async function boots(charger: End, frame = BOOT): Promise<void> {
  const before = charger.texts.length;
  charger.send(frame);
  await until(() => charger.texts.length > before);
}

async function requests(recorder: RecorderUnderTest): Promise<readonly CommandRequested[]> {
  const all = await decisions(recorder.log);
  return all
    .filter(({ attributes }) => attributes.type === REQUESTED)
    .map(({ value }) => readPayload(REQUESTED, value));
}

describe('the configuration of a station', () => {
  it('is asked for once after each boot, behind its answer, as a decision of our own', async () => {
    await using recorder = await alone('Accepted');
    const charger = await station(recorder.url('/ocpp/CP-1'));
    const answers = () => charger.texts.filter((text) => text.startsWith('[3,'));
    for (const count of [1, 2]) {
      charger.send(BOOT);
      await until(() => charger.texts.length === 2 * count);
      const [answer = '', call = ''] = charger.texts.slice(-2);
      expect(answer).toContain('"status":"Accepted"');
      const [, id = ''] = JSON.parse(call) as string[];
      expect(call).toBe(`[2,"${id}","GetConfiguration",{}]`);
      charger.send(`[3,"${id}",{"configurationKey":[]}]`);
      expect(await ended(recorder.log, id)).toMatchObject({ outcome: 'answered' });
    }
    expect(answers()).toHaveLength(2);
    const asked = await requests(recorder);
    expect(asked.map(({ actor, action }) => [actor, action])).toEqual([
      ['chargeproof', 'GetConfiguration'],
      ['chargeproof', 'GetConfiguration'],
    ]);
    expect(new Set(asked.map(({ command }) => command)).size).toBe(2);
  });

  it('is not asked for while it waits to be let in, nor of one that speaks OCPP 2.0.1', async () => {
    await using pending = await alone('Pending');
    await boots(await station(pending.url('/ocpp/CP-1')));
    expect(await requests(pending)).toEqual([]);
    await using accepted = await alone('Accepted');
    await boots(await station(accepted.url('/ocpp/CP-1'), ['ocpp2.0.1']), BOOT_201);
    expect(await requests(accepted)).toEqual([]);
  });
});

const START = { action: 'RemoteStartTransaction', payload: { idTag: 'TAG' } };

describe('a command to a station that is not registered', () => {
  it('is refused where it would charge; another one is sent to one that is Pending', async () => {
    await using recorder = await alone('Pending');
    const charger = await station(recorder.url('/ocpp/CP-1'));
    await recorder.log.append('platform.decisions', [request('a', START), request('b')]);
    expect(await ended(recorder.log, 'a')).toMatchObject({
      outcome: 'refused',
      reason: 'registration-pending',
    });
    await until(() => charger.texts.length === 1);
    expect(charger.texts[0]).toContain('"Reset"');
  });

  it('is refused to one that is Rejected, whatever it is', async () => {
    await using recorder = await alone('Rejected');
    const charger = await station(recorder.url('/ocpp/CP-1'));
    await recorder.log.append('platform.decisions', [request('a')]);
    expect(await ended(recorder.log, 'a')).toMatchObject({ reason: 'registration-rejected' });
    expect(charger.texts).toEqual([]);
  });

  it('that triggers a message has that message answered', async () => {
    await using recorder = await alone('Pending');
    const charger = await station(recorder.url('/ocpp/CP-1'));
    const heartbeat = async () => {
      await boots(charger, '[2,"h","Heartbeat",{}]');
      return (JSON.parse(charger.texts.at(-1) ?? '[]') as unknown[])[0];
    };
    expect(await heartbeat()).toBe(4);
    const payload = { requestedMessage: 'Heartbeat' };
    await recorder.log.append('platform.decisions', [request('a', { action: 'TriggerMessage', payload })]);
    await until(() => charger.texts.some((text) => text.includes('TriggerMessage')));
    expect(await heartbeat()).toBe(3);
  });
});

it('a command is sent in the version it is of, or not at all', async () => {
  await using recorder = await alone('Accepted');
  const charger = await station(recorder.url('/ocpp/CP-1'), ['ocpp2.0.1']);
  await recorder.log.append('platform.decisions', [request('a'), request('b', { protocol: 'ocpp2.0.1' })]);
  expect(await ended(recorder.log, 'a')).toMatchObject({
    outcome: 'refused',
    reason: 'station-speaks-ocpp2.0.1',
  });
  await until(() => charger.texts.length === 1);
  expect(charger.texts[0]).toContain('"b"');
});
