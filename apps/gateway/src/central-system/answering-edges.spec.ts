import { LogFull, type MemoryLog } from '@chargeproof/log';
import { describe, expect, it } from 'vitest';
import { RecorderUnderTest } from '../testing/recorder-under-test.ts';
import { until } from '../testing/until.ts';
import { withAppend } from '../testing/wrapped-log.ts';
import { station } from '../testing/wire.ts';

const START =
  '[2,"s","StartTransaction",{"connectorId":1,"idTag":"T","meterStart":0,"timestamp":"2026-01-01T00:00:00Z"}]';
const alone = (options: Parameters<typeof RecorderUnderTest.start>[1] = {}) =>
  RecorderUnderTest.start({ upstream: undefined }, options);

async function framesOf(recorder: RecorderUnderTest, direction: 'station-to-csms' | 'csms-to-station') {
  const frames = await recorder.ofType('ocpp.frame.v1');
  return frames
    .filter(({ attributes }) => attributes.direction === direction)
    .map(({ value }) => Buffer.from(value).toString());
}

describe('the built-in central system, where its answer cannot be given', () => {
  it('says nothing that is not recorded: the station asks again, and a start gets the id it had', async () => {
    let isFull = true;
    const wrap = (log: MemoryLog) =>
      withAppend(log, (topic, records) => {
        const answers = records.some(({ attributes }) => attributes.origin === 'gateway');
        return isFull && answers ? Promise.reject(new LogFull('full')) : log.append(topic, records);
      });
    let id = 0;
    await using recorder = await alone({ wrap, transactionIds: { take: () => ++id } });
    const charger = await station(recorder.url('/ocpp/CP-1'));
    charger.send(START);
    charger.send('[2,"h","Heartbeat",{}]');
    expect(await charger.closed).toMatchObject({ code: 1013 });
    expect(charger.texts).toEqual([]);
    await until(async () => (await recorder.ofType('ocpp.gap.v1')).length === 1);
    expect(await recorder.payloads('ocpp.gap.v1')).toMatchObject([
      { missing: 'frames', reason: 'log-full', direction: 'csms-to-station' },
    ]);
    isFull = false;
    const again = await station(recorder.url('/ocpp/CP-1'));
    again.send(START);
    await until(() => again.texts.length === 1);
    expect(JSON.parse(again.texts[0] ?? '')).toMatchObject([3, 's', { transactionId: 1 }]);
  });

  it('keeps a frame above the limit in part, answers it not, and closes with 1009', async () => {
    await using recorder = await alone();
    const charger = await station(recorder.url('/ocpp/CP-1'));
    charger.send(`[2,"big","DataTransfer",{"vendorId":"${'x'.repeat(5 * 1024 * 1024)}"}]`);
    charger.send('[2,"behind","Heartbeat",{}]');
    expect(await charger.closed).toMatchObject({ code: 1009 });
    const [big] = await recorder.ofType('ocpp.frame.v1');
    expect(big?.attributes.cut?.bytes).toBeGreaterThan(5 * 1024 * 1024);
    expect(charger.texts.filter((text) => text.includes('big'))).toEqual([]);
  });

  it('takes what is binary for no message', async () => {
    await using recorder = await alone();
    const charger = await station(recorder.url('/ocpp/CP-1'));
    charger.send(Buffer.from('[2,"b","Heartbeat",{}]'), true);
    charger.send('[2,"t","Heartbeat",{}]');
    await until(() => charger.texts.some((text) => text.includes('"t"')));
    const [binary] = await recorder.ofType('ocpp.frame.v1');
    expect(binary?.attributes.opcode).toBe('binary');
    expect(charger.texts.filter((text) => text.startsWith('[3,"b"'))).toEqual([]);
  });

  it('records the last words of a station that closes behind them, its answers, and that it never got them', async () => {
    await using recorder = await alone();
    const charger = await station(recorder.url('/ocpp/CP-1'));
    charger.send(
      '[2,"1","StopTransaction",{"transactionId":1,"meterStop":5,"timestamp":"2026-01-01T00:00:00Z"}]',
    );
    charger.send('[2,"2","Heartbeat",{}]');
    charger.socket.close(1000);
    await until(async () => (await recorder.ofType('ocpp.relay-failed.v1')).length === 1);
    expect(await framesOf(recorder, 'station-to-csms')).toHaveLength(2);
    const answers = await framesOf(recorder, 'csms-to-station');
    const [failed] = await recorder.payloads('ocpp.relay-failed.v1');
    expect(answers).toHaveLength(failed?.sequences?.length ?? 0);
    expect(failed).toMatchObject({ leg: 'station', reason: 'socket-closed' });
  });
});

it('while the recorder stops, a station hears no answer that is not in the log', async () => {
  const recorder = await alone();
  const charger = await station(recorder.url('/ocpp/CP-1'));
  let next = 0;
  const talk = setInterval(() => {
    for (let each = 0; each < 20; each++) charger.send(`[2,"${next++}","Heartbeat",{}]`);
  }, 1);
  await until(() => charger.texts.length > 100);
  await recorder.gateway.stop();
  clearInterval(talk);
  expect(await charger.closed).toMatchObject({ code: 1001 });
  const answers = await framesOf(recorder, 'csms-to-station');
  expect(charger.texts).toEqual(answers.slice(0, charger.texts.length));
  await recorder[Symbol.asyncDispose]();
});
