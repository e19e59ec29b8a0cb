import { expect, it } from 'vitest';
import { trace } from '../e2e/importing/folder.ts';
import { conditionsOf, energySum, gapsOf } from './asking/questions.ts';
import type { Platform } from './platform.ts';
import { BOOT, metered, start, status, stop, taken } from './telling/messages.ts';
import { Story } from './telling/story.ts';

const MINUTE = 60;

export function uptimeScenarios(platform: () => Platform): void {
  it('S15 a link that lives, and over which nothing comes, is neither up nor down', async () => {
    const story = new Story('S15');
    const line = story.connect(0);
    line.unanswered(0, 'BootNotification', BOOT);
    story.until(3600);
    await platform().tell(story);
    const { seconds, intervals } = await conditionsOf(platform(), story, 3600);
    expect(seconds).toEqual({ up: '0', down: '0', unknown: '3600' });
    expect(new Set(intervals.map(([, verdict]) => verdict))).toEqual(new Set(['UNKNOWN']));
  });

  it('S16 20 minutes without a gateway are our outage, until a recording tells of them', async () => {
    const story = new Story('S16');
    const line = story.connect(0);
    line.call(1, 'StatusNotification', status('Available'));
    line.call(5 * MINUTE, 'Heartbeat', {});
    story.stop(10 * MINUTE);
    story.start(30 * MINUTE);
    const back = story.connect(30 * MINUTE);
    back.call(30 * MINUTE + 1, 'StatusNotification', status('Available'));
    story.until(40 * MINUTE);
    await platform().tell(story);
    const before = await conditionsOf(platform(), story, 40 * MINUTE);
    expect(before.intervals).toContainEqual([20 * MINUTE, 'UNKNOWN', 'no-coverage']);
    expect(before.seconds.down).toBe('0');
    expect(await gapsOf(platform(), story, 40 * MINUTE)).toEqual([[false, '1200', 'unwatched']]);
    expect(await energySum(platform(), story)).toEqual([]);

    const recorded = [
      [9, 'Heartbeat', {}, {}],
      [12, 'StartTransaction', start(story, 12 * MINUTE, 1000), taken(16)],
      [20, 'MeterValues', metered(story, 20 * MINUTE, 16, '2000'), {}],
      [28, 'StopTransaction', stop(story, 28 * MINUTE, 16, 3000), {}],
      [31, 'Heartbeat', {}, {}],
    ] as const;
    const lines = recorded.map(([minute, action, payload, answer]) => {
      const time = story.time(minute * MINUTE + 30);
      const id = `m${minute}`;
      const up = trace(time, JSON.stringify([2, id, action, payload]), 'S16');
      return up + trace(time, JSON.stringify([3, id, answer]), 'S16', 'csms-to-cp');
    });
    await platform().import('S16.jsonl', lines.join(''));
    const after = await conditionsOf(platform(), story, 40 * MINUTE);
    expect(after.intervals.map(([, , cause]) => cause)).not.toContain('no-coverage');
    expect(await gapsOf(platform(), story, 40 * MINUTE)).toEqual([[true, '0']]);
    expect(await energySum(platform(), story)).toEqual(['2000']);
  });

  it('S17 a fault and an outage that overlap count once (kwwhat)', async () => {
    const story = new Story('S17');
    const line = story.connect(0);
    line.call(0, 'StatusNotification', status('Available'));
    line.call(10 * MINUTE, 'StatusNotification', status('Faulted'));
    line.close(15 * MINUTE);
    const back = story.connect(30 * MINUTE);
    back.call(30 * MINUTE, 'StatusNotification', status('Available'));
    story.until(40 * MINUTE);
    await platform().tell(story);
    const { seconds } = await conditionsOf(platform(), story, 40 * MINUTE);
    expect(seconds).toEqual({ up: String(20 * MINUTE), down: String(20 * MINUTE), unknown: '0' });
  });

  it('a station that is kept waiting serves nobody, whatever its connectors say, until it is let in', async () => {
    const story = new Story('waiting');
    const line = story.connect(0);
    const boots = (minute: number, status: string) => {
      line.call(minute * MINUTE, 'BootNotification', BOOT, {
        status,
        currentTime: story.time(0),
        interval: 300,
      });
    };
    boots(0, 'Accepted');
    line.call(1, 'StatusNotification', status('Available'));
    boots(10, 'Pending');
    line.call(10 * MINUTE + 1, 'StatusNotification', status('Available'));
    boots(15, 'Rejected');
    boots(20, 'Accepted');
    line.call(20 * MINUTE + 1, 'StatusNotification', status('Available'));
    story.until(25 * MINUTE);
    await platform().tell(story);
    const { intervals } = await conditionsOf(platform(), story, 25 * MINUTE);
    expect(intervals).toEqual([
      [1, 'UNKNOWN', 'no-status'],
      [10 * MINUTE - 1, 'UP', 'available'],
      [10 * MINUTE + 0.1, 'DOWN', 'unregistered'],
      [5 * MINUTE - 0.1, 'UP', 'available'],
    ]);
  });
}
