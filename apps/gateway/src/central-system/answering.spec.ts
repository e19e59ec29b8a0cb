import { once } from 'node:events';
import type { AppendRequest, MemoryLog } from '@chargeproof/log';
import { describe, expect, it } from 'vitest';
import { RecorderUnderTest } from '../testing/recorder-under-test.ts';
import { until } from '../testing/until.ts';
import { withAppend } from '../testing/wrapped-log.ts';
import { connect, type End, station } from '../testing/wire.ts';

const alone = (settings: Parameters<typeof RecorderUnderTest.start>[0] = {}, options = {}) =>
  RecorderUnderTest.start({ upstream: undefined, ...settings }, options);
const START =
  '[2,"s","StartTransaction",{"connectorId":1,"idTag":"T","meterStart":0,"timestamp":"2026-01-01T00:00:00Z"}]';

async function said(end: End, frame: string): Promise<unknown[]> {
  const count = end.texts.length;
  end.send(frame);
  await until(() => end.texts.length > count);
  return JSON.parse(end.texts.at(-1) ?? '') as unknown[];
}

describe('where no upstream is, the built-in central system', () => {
  it('answers, and each answer is recorded as the gateway’s behind the frame it answers', async () => {
    await using recorder = await alone();
    const charger = await station(recorder.url('/ocpp/CP-1'), ['ocpp2.1', 'ocpp1.6']);
    for (let id = 0; id < 50; id++)
      charger.send(
        `[2,"${id}","StatusNotification",{"connectorId":0,"errorCode":"NoError","status":"Available"}]`,
      );
    await until(() => charger.texts.length === 50);
    expect(charger.texts).toEqual(Array.from({ length: 50 }, (_, id) => `[3,"${id}",{}]`));
    charger.socket.close(1000, 'bye');
    await until(async () => (await recorder.ofType('ocpp.connection-closed.v1')).length === 1);
    const frames = await recorder.ofType('ocpp.frame.v1');
    const answers = frames.filter(({ attributes }) => attributes.direction === 'csms-to-station');
    expect(answers.map(({ value }) => Buffer.from(value).toString())).toEqual(charger.texts);
    expect(new Set(answers.map(({ attributes }) => attributes.origin))).toEqual(new Set(['gateway']));
    for (const { attributes, value } of answers) {
      const id = /^\[3,"(\d+)"/.exec(Buffer.from(value).toString())?.[1] ?? '';
      const asked = frames.find((frame) => Buffer.from(frame.value).toString().startsWith(`[2,"${id}"`));
      expect(attributes.sequence).toBeGreaterThan(asked?.attributes.sequence ?? Number.NaN);
    }
    const [accepted, ...more] = await recorder.payloads('ocpp.handshake-accepted.v1');
    expect(accepted).toMatchObject({ leg: 'station', selectedSubprotocol: 'ocpp1.6' });
    expect(more).toEqual([]);
    expect(await recorder.payloads('ocpp.connection-closed.v1')).toEqual([
      { code: 1000, reason: 'bye', by: 'station' },
    ]);
    expect(await recorder.payloads('ocpp.relay-failed.v1')).toEqual([]);
    expect(recorder.upstream.requests).toEqual([]);
  });

  it.each([[['ocpp2.1']], [['ocpp0.1']], [[]]])(
    'refuses a station that offers %j, on record',
    async (offered) => {
      await using recorder = await alone();
      expect(await connect(recorder.url('/ocpp/CP-1'), offered)).toMatchObject({
        status: 400,
        body: 'no-subprotocol',
      });
      expect(await recorder.payloads('ocpp.handshake-refused.v1')).toMatchObject([
        { reason: 'no-subprotocol', offeredSubprotocols: offered },
      ]);
    },
  );

  it('sends no answer before it is durable', async () => {
    const holds: (() => void)[] = [];
    const isAnswer = ({ attributes }: AppendRequest) => attributes.origin === 'gateway';
    const wrap = (log: MemoryLog) =>
      withAppend(log, async (topic, records) => {
        if (records.some(isAnswer)) await new Promise<void>((resolve) => holds.push(resolve));
        return log.append(topic, records);
      });
    await using recorder = await alone({}, { wrap });
    const charger = await station(recorder.url('/ocpp/CP-1'));
    charger.send('[2,"1","Heartbeat",{}]');
    await until(() => holds.length === 1);
    charger.socket.ping();
    await once(charger.socket, 'pong');
    expect(charger.texts).toEqual([]);
    holds[0]?.();
    await until(() => charger.texts.length === 1);
  });

  it('knows a start that is sent again over another connection', async () => {
    await using recorder = await alone();
    const first = await station(recorder.url('/ocpp/CP-1'));
    const answered = await said(first, START);
    first.socket.terminate();
    const second = await station(recorder.url('/ocpp/CP-1'));
    expect(await said(second, START)).toEqual(answered);
    const other = await station(recorder.url('/ocpp/CP-2'));
    expect(await said(other, START)).not.toEqual(answered);
  });

  it('leaves a start without an id unanswered and ends the connection, so that it comes again', async () => {
    await using recorder = await alone({}, { transactionIds: { take: () => undefined } });
    const charger = await station(recorder.url('/ocpp/CP-1'));
    charger.send(START);
    expect(await charger.closed).toMatchObject({ code: 1013 });
    expect(charger.texts).toEqual([]);
    await until(async () => (await recorder.ofType('ocpp.relay-failed.v1')).length === 1);
    expect(await recorder.payloads('ocpp.connection-closed.v1')).toMatchObject([
      { code: 1013, by: 'gateway' },
    ]);
  });

  it('stops taking from a station that does not read its answers, and loses none', async () => {
    await using recorder = await alone({ maxBufferedBytes: 65_536 });
    const charger = await station(recorder.url('/ocpp/CP-1'));
    charger.socket.pause();
    const count = 2000;
    const id = (index: number) => `${index}`.padEnd(10_000, 'x');
    for (let index = 0; index < count; index++) charger.send(`[2,"${id(index)}","Heartbeat",{}]`);
    const taken = async () =>
      (await recorder.ofType('ocpp.frame.v1')).filter(({ attributes }) => attributes.origin === 'station')
        .length;
    let before = -1;
    await until(async () => {
      const now = await taken();
      const stands = now > 0 && now === before;
      before = now;
      return stands;
    });
    expect(before).toBeLessThan(count);
    charger.socket.resume();
    await until(() => charger.got.length === count);
  });
});
