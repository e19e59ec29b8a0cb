import { createMemoryLog, type MemoryLog, type ReadRequest } from '@chargeproof/log';
import { describe, expect, it } from 'vitest';
import { ended, request, SEALING } from '../testing/asked-commands.ts';
import { RecorderUnderTest } from '../testing/recorder-under-test.ts';
import { until } from '../testing/until.ts';
import { type End, station } from '../testing/wire.ts';
import { withAppend } from '../testing/wrapped-log.ts';

const PING_SECONDS = 3600;

/** As in a folder of its own: another is no run before it that has died. */
const wrap = (shared: MemoryLog) => ({
  ...withAppend(shared, shared.append.bind(shared)),
  read: (wanted: ReadRequest) => (wanted.topic === 'ocpp.frames' ? Promise.resolve([]) : shared.read(wanted)),
});
const oneOfMany = (log: MemoryLog) =>
  RecorderUnderTest.start(
    { upstream: undefined, pingSeconds: PING_SECONDS },
    { ...SEALING, log, wrap, sharesLog: true },
  );
const asked = (log: MemoryLog, id: string) => log.append('platform.decisions', [request(id)]);
const answers = (end: End) =>
  end.socket.on('message', (data) => {
    const [, id] = JSON.parse((data as Buffer).toString()) as [number, string];
    end.send(`[3,"${id}",{"status":"Accepted"}]`);
  });

describe('a command to a station that may be at several gateways', () => {
  it('goes over the socket that is heard, though another one came first and is open, too', async () => {
    const log = createMemoryLog();
    await using one = await oneOfMany(log);
    await using other = await oneOfMany(log);
    const silent = await station(one.url('/ocpp/CP-1'));
    silent.socket.pause();
    const live = await station(other.url('/ocpp/CP-1'));
    answers(live);
    const ids = Array.from({ length: 10 }, (_, index) => `c${index}`);
    for (const id of ids) {
      await asked(log, id);
      expect(await ended(log, id)).toMatchObject({ outcome: 'answered' });
    }
    expect(live.texts).toEqual(ids.map((id) => `[2,"${id}","Reset",{"type":"Soft"}]`));
    silent.socket.resume();
    await new Promise((resolve) => {
      silent.socket.once('pong', resolve).ping();
    });
    expect(silent.texts).toEqual([]);
  });

  it('goes over one that answers no ping as soon as that says anything, or in the end all the same', async () => {
    const log = createMemoryLog();
    await using recorder = await oneOfMany(log);
    const charger = await station(recorder.url('/ocpp/CP-1'), undefined, { autoPong: false });
    let pings = 0;
    charger.socket.on('ping', () => {
      pings += 1;
    });
    await asked(log, 'a');
    await until(() => pings === 1);
    expect(charger.texts).toEqual([]);
    charger.send('[2,"h","Heartbeat",{}]');
    await until(() => charger.texts.length === 2);
    const began = performance.now();
    charger.send('[3,"a",{"status":"Accepted"}]');
    await ended(log, 'a');
    await asked(log, 'b');
    await until(() => charger.texts.length === 3);
    expect(performance.now() - began).toBeGreaterThan(1900);
    expect(charger.texts.at(-1)).toContain('"b"');
    // The first one is out still, as it is told in ticks.
    expect(pings).toBe(1);
  });
});
