import { expect, it } from 'vitest';
import { energyIn, findingsOf, gapsOf, transactionOf, transactionsOf } from './asking/questions.ts';
import type { Platform } from './platform.ts';
import { BOOT, metered, start, status, stop, taken } from './telling/messages.ts';
import { Story } from './telling/story.ts';

export function lateScenarios(platform: () => Platform): void {
  it('S06 meter values after the stop, and others that come late, are kept and reopen nothing (citrineos-core#741, #1053)', async () => {
    const story = new Story('S06');
    const line = story.connect(10);
    line.call(20, 'StartTransaction', start(story, 20, 1000), taken(6));
    line.call(300, 'MeterValues', metered(story, 300, 6, '2000'));
    line.call(900, 'StopTransaction', stop(story, 900, 6, 4000));
    line.call(905, 'MeterValues', metered(story, 890, 6, '3900'));
    await platform().tell(story);
    const stopped = await transactionOf(platform(), story);
    expect(stopped).toMatchObject({ stopMethod: 'StopTransaction', meterValues: { length: 2 } });
    line.close(1000);
    const later = story.connect(2000);
    later.call(2010, 'MeterValues', metered(story, 600, 6, '3000'));
    await platform().tell(story);
    const after = await transactionOf(platform(), story);
    expect(after.meterValues.map(({ value }) => value)).toEqual(['2000', '3000', '3900']);
    expect({ ...after, meterValues: [], evidence: [] }).toEqual({
      ...stopped,
      meterValues: [],
      evidence: [],
    });
    expect(after.evidence.recordIds).toHaveLength(stopped.evidence.recordIds.length + 1);
    expect(energyIn(after)).toEqual(['3000', 'METER_START_STOP', 'MEASURED']);
  });

  it('S09 a clock of 1970 places nothing in 1970, and is found (MicroOcpp#354)', async () => {
    const story = new Story('S09');
    const unset = { timestamp: '1970-01-01T00:00:12Z' };
    const line = story.connect(10);
    line.call(20, 'StartTransaction', start(story, 20, 1000, unset), taken(9));
    line.call(30, 'Heartbeat', {}, { currentTime: story.time(30) });
    line.call(600, 'StopTransaction', stop(story, 600, 9, 3000));
    await platform().tell(story);
    const one = await transactionOf(platform(), story);
    expect(one).toMatchObject({
      startedAt: story.time(20).replace('Z', '000Z'),
      startedBy: 'received',
      stoppedAt: story.time(600).replace('Z', '000Z'),
    });
    expect(energyIn(one)[0]).toBe('2000');
    expect(await findingsOf(platform(), 'S09')).toEqual({ 'schema-datetime-implausible': 1 });
  });

  it('S12 a stop that a power loss took is inferred, with how and how sure (MicroOcpp#174)', async () => {
    const story = new Story('S12');
    const line = story.connect(10);
    line.call(20, 'StartTransaction', start(story, 20, 1000), taken(1));
    line.call(600, 'MeterValues', metered(story, 600, 1, '2500'));
    line.close(700);
    const booted = story.connect(1200);
    const accepted = { status: 'Accepted', interval: 300, currentTime: story.time(1210) };
    booted.call(1210, 'BootNotification', BOOT, accepted);
    booted.call(1211, 'StatusNotification', status('Available'));
    booted.call(1500, 'StartTransaction', start(story, 1500, 2800), taken(2));
    await platform().tell(story);
    const [lost] = await transactionsOf(platform(), story);
    expect(lost).toMatchObject({ stopMethod: 'boot', stoppedAt: story.time(1210).replace('Z', '000Z') });
    expect(lost && energyIn(lost)).toEqual(['1500', 'REGISTER_SAMPLES', 'LOWER_BOUND', 'MISSING_STOP']);
  });

  it('a connection that waited in the spool of one gateway while another took the next is as if both had come in time', async () => {
    const inTime = await toldOf('SPOOL-IN-TIME', ([first, second]) => [first, second]);
    const late = await toldOf('SPOOL-LATE', ([first, second]) => [second, first]);
    expect(late).toEqual(inTime);
    expect(late).toMatchObject({
      stopMethod: 'StopTransaction',
      energy: ['3000', 'METER_START_STOP', 'MEASURED'],
    });
  });

  /** A transaction over two connections, each through a gateway of its own; what is told of it in that order. */
  async function toldOf(station: string, order: (stories: readonly [Story, Story]) => readonly Story[]) {
    const away = new Story(station);
    const there = new Story(station, away);
    const line = away.connect(10);
    line.call(20, 'StartTransaction', start(away, 20, 1000), taken(6));
    line.call(300, 'MeterValues', metered(away, 300, 6, '2000'));
    line.close(350);
    away.stop(360);
    const next = there.connect(400);
    next.call(500, 'MeterValues', metered(there, 500, 6, '3000'));
    next.call(900, 'StopTransaction', stop(there, 900, 6, 4000));
    next.close(950);
    for (const story of order([away, there])) await platform().tell(story);
    const one = await transactionOf(platform(), away);
    const { startedAt, stoppedAt, stopMethod, meterValues, evidence } = one;
    return {
      seconds: [startedAt, stoppedAt].map((at) => (Date.parse(at ?? '') - Date.parse(away.time(0))) / 1000),
      stopMethod,
      meterValues: meterValues.map(({ value }) => value),
      frames: evidence.recordIds.length,
      energy: energyIn(one),
      gaps: await gapsOf(platform(), away, 900),
      findings: await findingsOf(platform(), station),
    };
  }
}
