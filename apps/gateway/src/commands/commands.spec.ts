import { createMemoryLog, LogFull, type MemoryLog, type ReadRequest } from '@chargeproof/log';
import type { ChargeRecord } from '@chargeproof/record';
import { describe, expect, it } from 'vitest';
import { decisions, ended, request, REQUESTED, SEALING } from '../testing/asked-commands.ts';
import { RecorderUnderTest } from '../testing/recorder-under-test.ts';
import { until } from '../testing/until.ts';
import { type End, station } from '../testing/wire.ts';
import { withAppend } from '../testing/wrapped-log.ts';

const alone = (options: Parameters<typeof RecorderUnderTest.start>[1] = {}) =>
  RecorderUnderTest.start({ upstream: undefined }, { ...SEALING, ...options });
const asked = (log: MemoryLog, ...requests: ChargeRecord[]) => log.append('platform.decisions', requests);
const calls = ({ texts }: End) => texts.filter((text) => text.startsWith('[2,'));

describe('a command to a station that is answered here', () => {
  it('is claimed in the log, recorded, sent as it was asked for, and ends with its answer', async () => {
    await using recorder = await alone();
    const charger = await station(recorder.url('/ocpp/CP-1'));
    await asked(
      recorder.log,
      request('a', { action: 'RemoteStartTransaction', payload: { connectorId: 1, idTag: 'TAG-4711' } }),
    );
    await until(() => charger.texts.length === 1);
    expect(charger.texts).toEqual(['[2,"a","RemoteStartTransaction",{"connectorId":1,"idTag":"TAG-4711"}]']);
    charger.send('[3,"a",{"status":"Accepted"}]');
    const end = await ended(recorder.log, 'a');
    const frames = await recorder.ofType('ocpp.frame.v1');
    expect(frames.map(({ attributes: { id, origin, direction } }) => [id, origin, direction])).toEqual([
      [end.call, 'gateway', 'csms-to-station'],
      [end.answer, 'station', 'station-to-csms'],
    ]);
    expect(end).toMatchObject({ outcome: 'answered' });
    const log = [...(await recorder.records()), ...(await decisions(recorder.log))];
    expect(log.map(({ value }) => Buffer.from(value).toString()).join()).not.toContain('TAG-4711');
    expect((await decisions(recorder.log)).map(({ attributes: { type, source } }) => [type, source])).toEqual(
      [
        [REQUESTED, 'api'],
        ['platform.command-sent.v1', recorder.gateway.run],
        ['platform.command-ended.v1', recorder.gateway.run],
      ],
    );
  });

  it('waits for the answer to the one before it, and for the station', async () => {
    await using recorder = await alone();
    await asked(recorder.log, request('a'), request('b'), request('c', {}, 0.3));
    const charger = await station(recorder.url('/ocpp/CP-1'));
    await until(() => charger.texts.length === 1);
    expect(await ended(recorder.log, 'c')).toMatchObject({ outcome: 'expired', reason: 'station-busy' });
    charger.send('[4,"a","NotSupported","",{}]');
    expect(await ended(recorder.log, 'a')).toMatchObject({ outcome: 'error' });
    await until(() => charger.texts.length === 2);
    expect(calls(charger)).toEqual(['[2,"a","Reset",{"type":"Soft"}]', '[2,"b","Reset",{"type":"Soft"}]']);
  });

  it('is unknown when the socket closes before its answer, and is not sent again over the next', async () => {
    await using recorder = await alone();
    const first = await station(recorder.url('/ocpp/CP-1'));
    await asked(recorder.log, request('a'));
    await until(() => first.texts.length === 1);
    first.socket.terminate();
    expect(await ended(recorder.log, 'a')).toMatchObject({
      outcome: 'unknown',
      reason: 'connection-closed',
      call: (await recorder.ofType('ocpp.frame.v1'))[0]?.attributes.id,
    });
    const second = await station(recorder.url('/ocpp/CP-1'));
    await asked(recorder.log, request('b'));
    await until(() => second.texts.length === 1);
    expect(second.texts[0]).toContain('"b"');
  });

  it('leaves when it is durable, like every frame', async () => {
    const gate = Promise.withResolvers<undefined>();
    let held = false;
    const wrap = (log: MemoryLog) =>
      withAppend(log, async (topic, records) => {
        if (records.some(({ attributes }) => attributes.origin === 'gateway')) {
          held = true;
          await gate.promise;
        }
        return log.append(topic, records);
      });
    await using recorder = await alone({ wrap });
    const charger = await station(recorder.url('/ocpp/CP-1'));
    await asked(recorder.log, request('a'));
    await until(() => held);
    await new Promise((resolve) => {
      charger.socket.once('pong', resolve).ping();
    });
    expect(charger.texts).toEqual([]);
    gate.resolve(undefined);
    await until(() => charger.texts.length === 1);
  });

  it('is not sent by a gateway whose claim the log does not take', async () => {
    let isFull = true;
    const wrap = (log: MemoryLog) =>
      withAppend(log, (topic, records) =>
        isFull && topic === 'platform.decisions'
          ? Promise.reject(new LogFull('the log is full'))
          : log.append(topic, records),
      );
    const troubles: Error[] = [];
    await using recorder = await alone({ wrap, onTrouble: (error) => troubles.push(error) });
    const charger = await station(recorder.url('/ocpp/CP-1'));
    await asked(recorder.log, request('a'));
    await until(() => troubles.length === 1);
    expect(charger.texts).toEqual([]);
    isFull = false;
    await until(() => charger.texts.length === 1);
  });

  it('that cannot be opened is refused', async () => {
    await using recorder = await RecorderUnderTest.start(
      { upstream: undefined },
      { onTrouble: () => undefined },
    );
    const charger = await station(recorder.url('/ocpp/CP-1'));
    await asked(recorder.log, request('a', { payload: { idTag: 'TAG-4711' } }));
    expect(await ended(recorder.log, 'a')).toMatchObject({
      outcome: 'refused',
      reason: 'sealed-with-another-key',
    });
    expect(charger.texts).toEqual([]);
  });

  it('is told as unknown when the gateway stops before its answer', async () => {
    const log = createMemoryLog();
    const recorder = await alone({ log });
    const charger = await station(recorder.url('/ocpp/CP-1'));
    await asked(log, request('a'));
    await until(() => charger.texts.length === 1);
    await recorder[Symbol.asyncDispose]();
    expect(await ended(log, 'a')).toMatchObject({ outcome: 'unknown', reason: 'connection-closed' });
  });
});

it('a command to a relayed station is refused: the tap originates nothing', async () => {
  await using recorder = await RecorderUnderTest.start({}, SEALING);
  const charger = await station(recorder.url('/ocpp/CP-1'));
  await asked(recorder.log, request('a'));
  expect(await ended(recorder.log, 'a')).toMatchObject({ outcome: 'refused', reason: 'relayed' });
  expect(charger.texts).toEqual([]);
  expect(recorder.upstream.ends[0]?.texts).toEqual([]);
});

it('of two gateways with sockets of one station one sends each command, once', async () => {
  const log = createMemoryLog();
  await using one = await alone({ log });
  // As in a folder of its own: the other is no run before it that has died.
  const wrap = (shared: MemoryLog) => ({
    ...withAppend(shared, shared.append.bind(shared)),
    read: (wanted: ReadRequest) =>
      wanted.topic === 'ocpp.frames' ? Promise.resolve([]) : shared.read(wanted),
  });
  await using other = await alone({ log, wrap });
  const sockets = [await station(one.url('/ocpp/CP-1')), await station(other.url('/ocpp/CP-1'))];
  for (const end of sockets) {
    end.socket.on('message', (data) => {
      const [type, id] = JSON.parse((data as Buffer).toString()) as [number, string];
      if (type === 2) end.send(`[3,"${id}",{"status":"Accepted"}]`);
    });
  }
  const ids = Array.from({ length: 20 }, (_, index) => `c${index}`);
  for (const id of ids) await asked(log, request(id));
  for (const id of ids) expect(await ended(log, id)).toMatchObject({ outcome: 'answered' });
  const sent = sockets.flatMap(calls).map((text) => (JSON.parse(text) as string[])[1]);
  expect(sent.toSorted()).toEqual(ids.toSorted());
  // Both did claim: what one of them did not send, it had lost.
  const claims = (await decisions(log)).filter(
    ({ attributes }) => attributes.type === 'platform.command-sent.v1',
  );
  expect(claims.length).toBeGreaterThan(ids.length);
});
