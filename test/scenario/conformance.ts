import { expect, it } from 'vitest';
import { findingsOf, outcomesOf, transactionOf } from './asking/questions.ts';
import type { Platform } from './platform.ts';
import { start } from './telling/messages.ts';
import { Story } from './telling/story.ts';

export function conformanceScenarios(platform: () => Platform): void {
  it('S08 a message that is sent again every 10 s is one transaction, and the loop is found (steve#740, ocpp-core#31)', async () => {
    const story = new Story('S08');
    const line = story.connect(10);
    const poison = start(story, 1, 1000);
    for (let time = 20; time < 120; time += 10) {
      const id = line.unanswered(time, 'StartTransaction', poison);
      line.down(time + 0.2, [4, id, 'InternalError', 'no such tag', {}]);
    }
    await platform().tell(story);
    expect(await transactionOf(platform(), story)).toMatchObject({
      starts: 10,
      startedAt: story.time(1).replace('Z', '000Z'),
    });
    expect(await outcomesOf(platform(), story, 'StartTransaction')).toEqual(Array(10).fill('ERROR'));
    expect(await findingsOf(platform(), 'S08')).toEqual({ 'rpc-retry-loop': 7 });
  });
}
