import { setTimeout as pause } from 'node:timers/promises';
import { createMemoryLog, type MemoryLog } from '@chargeproof/log';
import { describe, expect, it } from 'vitest';
import { SEALING } from '../testing/asked-commands.ts';
import { blocked, BY, decide } from '../testing/decided.ts';
import { RecorderUnderTest } from '../testing/recorder-under-test.ts';
import { until } from '../testing/until.ts';
import { withDecisionReads } from '../testing/wrapped-log.ts';
import { type End, station } from '../testing/wire.ts';

const BOOT = '[2,"m","BootNotification",{"chargePointVendor":"V","chargePointModel":"M"}]';
const AUTHORIZE = '[2,"m","Authorize",{"idTag":"Tag-1"}]';

async function said(end: End, frame: string): Promise<string> {
  const count = end.texts.length;
  end.send(frame);
  await until(() => end.texts.length > count);
  return end.texts.at(-1) ?? '';
}

const alone = (log: MemoryLog, options = {}) =>
  RecorderUnderTest.start({ upstream: undefined }, { ...SEALING, log, ...options });

describe('what is decided of tags and stations', () => {
  it('holds from the next message on, at a station that is connected, at all gateways of a log', async () => {
    const log = createMemoryLog();
    await using recorder = await alone(log);
    await using another = await alone(log);
    const elsewhere = await station(another.url('/ocpp/CP-2'));
    const charger = await station(recorder.url('/ocpp/CP-1'));
    expect(await said(charger, AUTHORIZE)).toBe('[3,"m",{"idTagInfo":{"status":"Accepted"}}]');
    await decide(log, blocked('TAG-1'));
    await until(async () => (await said(charger, AUTHORIZE)).includes('"Blocked","parentIdTag":"P"'));
    await until(async () => (await said(elsewhere, AUTHORIZE)).includes('"Blocked","parentIdTag":"P"'));
    await decide(log, { ...BY, registration: { status: 'Rejected', interval: 7 } });
    await until(async () => /Rejected.*"interval":7/.test(await said(charger, BOOT)));
    expect(await said(charger, AUTHORIZE)).toContain('SecurityError');
    expect(await said(elsewhere, AUTHORIZE)).toContain('Blocked');
  });

  it('is read before a gateway that starts takes a station; where the log is away it starts all the same', async () => {
    const log = createMemoryLog();
    await decide(log, blocked('tag-1'));
    const slow = withDecisionReads(log, async (request) => {
      await pause(50);
      return log.read(request);
    });
    await using recorder = await alone(log, { wrap: () => slow });
    const charger = await station(recorder.url('/ocpp/CP-1'));
    expect(await said(charger, AUTHORIZE)).toContain('Blocked');

    const troubles: string[] = [];
    const away = withDecisionReads(log, () => Promise.reject(new Error('the brokers are away')));
    await using other = await alone(log, {
      wrap: () => away,
      onTrouble: ({ message }: Error) => troubles.push(message),
    });
    const second = await station(other.url('/ocpp/CP-1'));
    expect(await said(second, AUTHORIZE)).toContain('Accepted');
    expect(troubles).toEqual([
      'commands wait for the log: the brokers are away',
      'no decision is known here, stations are answered by the files alone: the brokers are away',
    ]);
  });
});
