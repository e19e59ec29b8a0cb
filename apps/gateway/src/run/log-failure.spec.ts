import { LogFailed, LogFull, type AppendRequest } from '@chargeproof/log';
import { describe, expect, it } from 'vitest';
import { until } from '../testing/until.ts';
import { RecorderUnderTest } from '../testing/recorder-under-test.ts';
import { withAppend } from '../testing/wrapped-log.ts';
import { connect, station } from '../testing/wire.ts';

/** A gateway whose log refuses, from when it is told to. */
async function startFailing(error: Error, refuses: (record: AppendRequest) => boolean = () => true) {
  const state = { refusing: false };
  const recorder = await RecorderUnderTest.start(
    {},
    {
      wrap: (bare) =>
        withAppend(bare, (topic, records) =>
          state.refusing && records.some(refuses) ? Promise.reject(error) : bare.append(topic, records),
        ),
    },
  );
  return { recorder, state };
}
const isFrame = ({ attributes }: AppendRequest) => attributes.type === 'ocpp.frame.v1';

describe('a full log', () => {
  it('closes with 1013 whom it cannot record, relays nothing of it, and says what is missing', async () => {
    const { recorder: started, state } = await startFailing(new LogFull('no space'), isFrame);
    await using recorder = started;
    const charger = await station(recorder.url('/ocpp/CP-1'));
    const csms = await recorder.upstream.next();
    state.refusing = true;
    charger.send('[2,"1","StopTransaction",{}]');
    expect(await charger.closed).toMatchObject({ code: 1013 });
    expect(await csms.closed).toMatchObject({ code: 1013 });
    expect(csms.got).toEqual([]);
    await until(async () => (await recorder.ofType('ocpp.gap.v1')).length === 1);
    expect(await recorder.payloads('ocpp.gap.v1')).toEqual([
      { missing: 'frames', count: 1, reason: 'log-full', direction: 'station-to-csms' },
    ]);
    expect(await recorder.payloads('ocpp.connection-closed.v1')).toMatchObject([
      { code: 1013, by: 'gateway' },
    ]);
  });

  it('relays nothing behind a frame that it lost', async () => {
    const { recorder: started, state } = await startFailing(
      new LogFull('no space'),
      (record) => isFrame(record) && Buffer.from(record.value).includes('lost'),
    );
    await using recorder = started;
    const charger = await station(recorder.url('/ocpp/CP-1'));
    const csms = await recorder.upstream.next();
    charger.send('before');
    await until(() => csms.texts.length === 1);
    state.refusing = true;
    charger.send('lost');
    await new Promise((resolve) => setImmediate(resolve));
    charger.send('behind');
    await csms.closed;
    expect(csms.texts).toEqual(['before']);
  });

  it('refuses new stations with 503, and takes them again when there is space', async () => {
    const { recorder: started, state } = await startFailing(new LogFull('no space'), ({ attributes }) =>
      attributes.type.startsWith('ocpp.handshake'),
    );
    await using recorder = started;
    state.refusing = true;
    expect(await connect(recorder.url('/ocpp/CP-1'))).toMatchObject({ status: 503, body: 'log-full' });
    expect(await connect(recorder.url('/ocpp/nobody/CP-1'))).toMatchObject({ status: 503 });
    state.refusing = false;
    await station(recorder.url('/ocpp/CP-1'));
    expect((await recorder.payloads('ocpp.handshake-accepted.v1')).length).toBe(2);
  });

  it('misses a tick, and the next one counts for both', async () => {
    const { recorder: started, state } = await startFailing(
      new LogFull('no space'),
      ({ attributes }) => attributes.type === 'recorder.tick.v1',
    );
    await using recorder = started;
    state.refusing = true;
    await expect(recorder.gateway.tick()).rejects.toThrow(LogFull);
    state.refusing = false;
    await recorder.gateway.tick();
    expect((await recorder.payloads('recorder.tick.v1')).map(({ appended }) => appended)).toEqual(
      new Array<number>(24).fill(1),
    );
  });
});

describe('a log that failed', () => {
  it('ends every connection, refuses the next and is told to the process', async () => {
    const { recorder: started, state } = await startFailing(new LogFailed('torn'));
    await using recorder = started;
    const [one, two] = [await station(recorder.url('/ocpp/CP-1')), await station(recorder.url('/ocpp/CP-2'))];
    state.refusing = true;
    one.send('x');
    expect((await recorder.gateway.failed).message).toBe('torn');
    expect([(await one.closed).code, (await two.closed).code]).toEqual([1013, 1013]);
    expect(await connect(recorder.url('/ocpp/CP-3'))).toMatchObject({ status: 503, body: 'cannot-record' });
    expect(recorder.upstream.ends.flatMap(({ got }) => got)).toEqual([]);
  });
});
