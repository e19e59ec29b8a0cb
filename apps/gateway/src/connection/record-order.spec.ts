import { LogFull } from '@chargeproof/log';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { GatewaySettings } from '../settings.ts';
import { LateLog } from '../testing/late-log.ts';
import { RecorderUnderTest } from '../testing/recorder-under-test.ts';
import { until } from '../testing/until.ts';
import { type End, type Seen, seen, station } from '../testing/wire.ts';
import { withAppend } from '../testing/wrapped-log.ts';

type Wires = { readonly charger: End; readonly csms: End | undefined; readonly recorder: RecorderUnderTest };
type Case = {
  /** What sends a frame, or makes one be sent. */
  readonly act: (wires: Wires) => void;
  /** Frames that arrive once the log has them, over both wires. */
  readonly arrive: number;
  readonly settings?: Partial<GatewaySettings>;
};

const CALL = '[2,"1","Heartbeat",{}]';
const many = (send: (text: string) => void) => {
  for (let index = 0; index < 200; index += 1) send(`[2,"${index}","X",{"x":"${'x'.repeat(1000)}"}]`);
};

const CASES: Readonly<Record<string, Case>> = {
  'a CALL of the station': {
    act: ({ charger }) => {
      charger.send(CALL);
    },
    arrive: 1,
  },
  'a CALL of the CSMS': { act: ({ csms }) => csms?.send(CALL), arrive: 1 },
  'a CALLRESULT': { act: ({ csms }) => csms?.send('[3,"1",{}]'), arrive: 1 },
  'a CALLERROR': {
    act: ({ charger }) => {
      charger.send('[4,"1","GenericError","",{}]');
    },
    arrive: 1,
  },
  'what is no JSON': {
    act: ({ charger }) => {
      charger.send('[2,"1","Heart');
    },
    arrive: 1,
  },
  'a binary frame': {
    act: ({ charger }) => {
      charger.send(Buffer.from([1, 2, 3]), true);
    },
    arrive: 1,
  },
  'an answer of the built-in system': {
    act: ({ charger }) => {
      charger.send(CALL);
    },
    arrive: 1,
    settings: { upstream: undefined },
  },
  'a frame that is cut, which never goes on': {
    act: ({ charger }) => {
      charger.send(Buffer.alloc(5000, 'x'));
    },
    arrive: 0,
    settings: { maxFrameBytes: 4000 },
  },
  'a frame before a close': {
    act: ({ charger }) => {
      charger.send(CALL);
      charger.socket.close(1000);
    },
    arrive: 1,
  },
  'frames behind a pause': {
    act: ({ charger, csms }) => {
      many((text) => {
        charger.send(text);
      });
      many((text) => csms?.send(text));
    },
    arrive: 400,
    settings: { maxBufferedBytes: 65_536 },
  },
  'a frame as the gateway stops': {
    act: ({ charger, recorder }) => {
      charger.send(CALL);
      charger.socket.once('pong', () => void recorder.gateway.stop()).ping();
    },
    arrive: 1,
  },
};

/** Notes what an end gets before the log has acknowledged it. */
function watch(end: End | undefined, log: LateLog, early: Seen[]): void {
  end?.socket.prependListener('message', (data, binary: boolean) => {
    const got = seen(data as Buffer, binary);
    if (!log.acknowledged.has(got)) early.push(got);
  });
}

/** A ping that a paused socket does not read is given up after so many milliseconds. */
const LONGEST_ROUND_TRIP = 200;

/** Whatever was sent over it before has arrived when this resolves. */
const roundTrip = (end: End | undefined) =>
  new Promise<void>((resolve) => {
    if (end?.socket.readyState !== WebSocket.OPEN) {
      resolve();
      return;
    }
    const timer = setTimeout(resolve, LONGEST_ROUND_TRIP);
    end.socket
      .once('pong', () => {
        clearTimeout(timer);
        resolve();
      })
      .ping();
  });

/** @returns what arrived while the log held everything back, and before the log had it */
async function actOut({ act, arrive, settings }: Case, record: GatewaySettings['record'] = 'before-relay') {
  const log = new LateLog();
  await using recorder = await RecorderUnderTest.start({ ...settings, record }, { wrap: log.wrap });
  const charger = await station(recorder.url('/ocpp/CP-1'));
  const relayed = settings === undefined || !('upstream' in settings);
  const csms = relayed ? await recorder.upstream.next() : undefined;
  const early: Seen[] = [];
  for (const end of [charger, csms]) watch(end, log, early);
  log.hold();
  act({ charger, csms, recorder });
  await until(() => log.waiting > 0);
  await Promise.all([charger, csms].map(roundTrip));
  const whileHeld = charger.got.length + (csms?.got.length ?? 0);
  log.releaseWaiting();
  await new Promise((resolve) => setImmediate(resolve));
  log.release();
  const arrived = () => charger.got.length + (csms?.got.length ?? 0);
  await until(() => arrived() >= arrive);
  if (arrive === 0) await charger.closed;
  return { whileHeld, early: early.length, arrived: arrived() };
}

describe('while the log has not acknowledged it, nothing leaves the gateway', () => {
  it.each(Object.entries(CASES))('%s', async (_name, one) => {
    expect(await actOut(one)).toEqual({ whileHeld: 0, early: 0, arrived: one.arrive });
  });
});

describe('beside-relay', () => {
  const goesOn = Object.entries(CASES).filter(([, { arrive }]) => arrive > 0);
  it.each(goesOn)('lets it go on at once: %s', async (_name, one) => {
    const { whileHeld, early } = await actOut(one, 'beside-relay');
    expect(whileHeld).toBeGreaterThan(0);
    expect(early).toBeGreaterThan(0);
  });

  it('is told by the run’s first record and warned of', async () => {
    await using recorder = await RecorderUnderTest.start({ record: 'beside-relay' });
    expect((await recorder.payloads('recorder.run-started.v1'))[0]).toMatchObject({ record: 'beside-relay' });
    expect(recorder.gateway.warnings).toEqual([
      expect.stringMatching(/^CHARGEPROOF_GATEWAY_RECORD is beside-relay: .*can lose what was answered/),
    ]);
    await using careful = await RecorderUnderTest.start();
    expect((await careful.payloads('recorder.run-started.v1'))[0]).not.toHaveProperty('record');
    expect(careful.gateway.warnings).toEqual([]);
  });

  it('ends a connection whose frame could not be recorded after it went on, and says what is missing', async () => {
    const wrap = (bare: Parameters<typeof withAppend>[0]) =>
      withAppend(bare, (topic, records) =>
        records.some(({ attributes }) => attributes.type === 'ocpp.frame.v1')
          ? Promise.reject(new LogFull('no space'))
          : bare.append(topic, records),
      );
    await using recorder = await RecorderUnderTest.start({ record: 'beside-relay' }, { wrap });
    const charger = await station(recorder.url('/ocpp/CP-1'));
    const csms = await recorder.upstream.next();
    charger.send(CALL);
    expect(await charger.closed).toMatchObject({ code: 1013 });
    expect(csms.texts).toEqual([CALL]);
    await until(async () => (await recorder.ofType('ocpp.gap.v1')).length === 1);
    expect(await recorder.payloads('ocpp.gap.v1')).toMatchObject([{ count: 1, reason: 'log-full' }]);
  });
});
