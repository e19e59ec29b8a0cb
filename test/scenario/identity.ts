import { expect, it } from 'vitest';
import { energyIn, outcomesOf, transactionOf, transactionsOf } from './asking/questions.ts';
import type { Platform } from './platform.ts';
import { BOOT, metered, start, stop, taken } from './telling/messages.ts';
import { Story } from './telling/story.ts';

export function identityScenarios(platform: () => Platform): void {
  it('S04 a start sent again on another connection is one transaction of two frames (steve#1294)', async () => {
    const story = new Story('S04');
    const begun = start(story, 20, 1000);
    const first = story.connect(10);
    first.unanswered(20, 'StartTransaction', begun);
    first.close(30);
    const second = story.connect(60);
    second.call(61, 'Heartbeat', {});
    second.call(62, 'StartTransaction', begun, taken(4));
    second.call(600, 'StopTransaction', stop(story, 600, 4, 3000));
    await platform().tell(story);
    const one = await transactionOf(platform(), story);
    expect(one).toMatchObject({
      kind: 'TRANSACTION',
      transactionId: '4',
      starts: 2,
      startedAt: at(story, 20),
    });
    expect(one.evidence.frames.map(({ action }) => action)).toEqual([
      'StartTransaction',
      'StartTransaction',
      null,
      'StopTransaction',
      null,
    ]);
    expect(energyIn(one)[0]).toBe('2000');
  });

  it('S05 two stations with equal ids are two transactions, and neither proves the other', async () => {
    const one = new Story('S05-a');
    const other = new Story('S05-b', one);
    for (const [story, stopped] of [
      [one, 2000],
      [other, 5000],
    ] as const) {
      const line = story.connect(10);
      line.call(20, 'StartTransaction', start(story, 20, 1000), taken(1));
      line.call(100, 'MeterValues', metered(story, 100, 1, '1500'));
      line.call(600, 'StopTransaction', stop(story, 600, 1, stopped));
    }
    await platform().tell(one, other);
    const [ours, theirs] = [await transactionOf(platform(), one), await transactionOf(platform(), other)];
    expect([energyIn(ours)[0], energyIn(theirs)[0]]).toEqual(['1000', '4000']);
    expect(ours.evidence.recordIds).toHaveLength(5);
    expect(new Set([...ours.evidence.recordIds, ...theirs.evidence.recordIds]).size).toBe(10);
  });

  it('S07 stops of an unknown id, of 0 and of -1 are answered, kept, and paired where they can be (libocpp#495)', async () => {
    const story = new Story('S07');
    const line = story.connect(3600);
    line.call(3610, 'StopTransaction', stop(story, 600, 99, 2000));
    line.call(3700, 'StartTransaction', start(story, 3700, 5000), taken(0));
    line.call(4000, 'StopTransaction', stop(story, 4000, 0, 5500));
    line.unanswered(4100, 'StartTransaction', start(story, 4100, 5500));
    line.call(4400, 'StopTransaction', stop(story, 4400, -1, 6500));
    await platform().tell(story);
    const before = await transactionsOf(platform(), story);
    expect(before.map(({ kind, transactionId }) => [kind, transactionId])).toEqual([
      ['ORPHAN', '99'],
      ['TRANSACTION', '0'],
      ['TRANSACTION', '-1'],
    ]);
    expect(before.map((one) => energyIn(one)[0])).toEqual([null, '500', '1000']);
    expect(await outcomesOf(platform(), story, 'StopTransaction')).toEqual(['RESULT', 'RESULT', 'RESULT']);
    const trace = (seconds: number, direction: string, message: unknown) =>
      `${JSON.stringify({ schemaVersion: '1.1', timestamp: story.time(seconds), chargePointId: 'S07', direction, raw: JSON.stringify(message) })}\n`;
    await platform().import(
      'S07.jsonl',
      trace(60, 'cp-to-csms', [2, 'x', 'StartTransaction', start(story, 60, 500)]) +
        trace(61, 'csms-to-cp', [3, 'x', taken(99)]),
    );
    const after = await transactionsOf(platform(), story);
    expect(after.map(({ kind, transactionId }) => [kind, transactionId])).toEqual([
      ['TRANSACTION', '99'],
      ['TRANSACTION', '0'],
      ['TRANSACTION', '-1'],
    ]);
    expect(after.map((one) => energyIn(one)[0])).toEqual(['1500', '500', '1000']);
  });

  it('S13 message ids that begin anew at every boot are answered each on its own connection (citrineos#172)', async () => {
    const story = new Story('S13');
    for (const [begun, id] of [
      [0, 1],
      [1000, 2],
      [2000, 3],
    ] as const) {
      const line = story.connect(begun + 10);
      line.call(begun + 20, 'BootNotification', BOOT, {
        status: 'Accepted',
        interval: 300,
        currentTime: story.time(begun),
      });
      line.call(begun + 30, 'StartTransaction', start(story, begun + 30, begun * 10), taken(id));
      line.call(begun + 900, 'StopTransaction', stop(story, begun + 900, id, begun * 10 + id * 100));
      line.close(begun + 910);
    }
    await platform().tell(story);
    const all = await transactionsOf(platform(), story);
    expect(all.map(({ transactionId, energy }) => [transactionId, energy.energyWh])).toEqual([
      ['1', '100'],
      ['2', '200'],
      ['3', '300'],
    ]);
    expect(all.map(({ evidence }) => evidence.recordIds.length)).toEqual([4, 4, 4]);
    expect(await outcomesOf(platform(), story, 'StartTransaction')).toEqual(['RESULT', 'RESULT', 'RESULT']);
  });

  it('S19 two connectors that begin a second apart are two transactions', async () => {
    const story = new Story('S19');
    const line = story.connect(10);
    const second = { connectorId: 2 };
    line.call(20, 'StartTransaction', start(story, 20, 1000), taken(1));
    line.call(21, 'StartTransaction', start(story, 21, 1000, second), taken(2));
    line.call(300, 'MeterValues', { ...metered(story, 300, 2, '1700'), ...second });
    line.call(600, 'StopTransaction', stop(story, 600, 1, 1500));
    line.call(601, 'StopTransaction', stop(story, 601, 2, 3000));
    await platform().tell(story);
    const all = await transactionsOf(platform(), story);
    expect(all.map(({ connector, energy, stopMethod }) => [connector, energy.energyWh, stopMethod])).toEqual([
      [1, '500', 'StopTransaction'],
      [2, '2000', 'StopTransaction'],
    ]);
  });
}

/** As GraphQL writes it. */
const at = (story: Story, seconds: number) => story.time(seconds).replace('Z', '000Z');
