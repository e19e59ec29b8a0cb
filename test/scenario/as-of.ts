import { beforeAll, describe, expect, it } from 'vitest';
import { trace } from '../e2e/importing/folder.ts';
import { answerTo, everyQuestion, type Question } from './asking/every-field.ts';
import type { Platform } from './platform.ts';
import { BOOT, metered, start, status, stop, taken } from './telling/messages.ts';
import { Story } from './telling/story.ts';

const STATION = 'as-of';

/** An hour of a station, of which the beginning comes late. */
function hour(): Story {
  const story = new Story(STATION);
  story.until(1800);
  const line = story.connect(1800);
  line.call(1801, 'BootNotification', BOOT, accepted(story, 1801));
  line.call(1802, 'StatusNotification', status('Available'));
  line.call(1900, 'StartTransaction', start(story, 1900, 5000), taken(2));
  line.call(2500, 'MeterValues', metered(story, 2500, 2, '6000', { value: 'x', measurand: 'Voltage' }));
  line.call(3000, 'Heartbeat', { odd: true });
  story.until(3600);
  return story;
}

const accepted = (story: Story, at: number) => ({
  status: 'Accepted',
  interval: 300,
  currentTime: story.time(at),
});

/** What a spool drains hours later: a connection that came before. */
function connectionBefore(story: Story): void {
  const line = story.connect(600);
  line.call(601, 'BootNotification', { ...BOOT, firmwareVersion: '0.9' }, accepted(story, 601));
  line.call(602, 'StatusNotification', status('Faulted'));
  line.call(700, 'StartTransaction', start(story, 700, 1000), taken(1));
  line.close(1700);
}

/** What the station kept of its own. */
function recording(story: Story): string {
  const lines = [
    [1000, 'MeterValues', metered(story, 1000, 1, '2000')],
    [1750, 'StopTransaction', { ...stop(story, 1750, 1, 4000), extra: 1 }],
  ] as const;
  return lines
    .map(([at, action, payload]) => {
      const raw = JSON.stringify([2, `kept-${at}`, action, payload]);
      const answer = JSON.stringify([3, `kept-${at}`, {}]);
      return trace(story.time(at), raw, STATION) + trace(story.time(at), answer, STATION, 'csms-to-cp');
    })
    .join('');
}

/** Of what people decided, which no record of a station changes: their own specs in apps/api/src/questions. */
const OF_DECISIONS = ['commands', 'registrations'];
/** Every other question of the schema: none may be missing here. */
const QUESTIONS = [
  'completeness',
  'conformance',
  'connections',
  'energy',
  'exchanges',
  'frameCounts',
  'frames',
  'stations',
  'statusTimeline',
  'transactions',
  'uptime',
];

export function asOfScenarios(platform: () => Platform): void {
  describe('an answer, after a connection and a recording of earlier hours', () => {
    let questions: ReadonlyMap<string, Question>;
    const earlier = new Map<string, string>();
    let ask: (name: string, asOf?: string) => Promise<string>;

    beforeAll(async () => {
      const story = hour();
      const subject = { station: [STATION], from: story.time(0), to: story.time(3600) };
      questions = new Map((await everyQuestion(platform())).map((question) => [question.name, question]));
      ask = async (name, asOf) => {
        const question = questions.get(name);
        if (question === undefined) throw new Error(`the schema has no question ${name}`);
        return JSON.stringify(await answerTo(platform(), question, subject, asOf));
      };
      await platform().tell(story);
      for (const name of QUESTIONS) earlier.set(name, await ask(name));
      connectionBefore(story);
      await platform().tell(story);
      await platform().import('as-of.jsonl', recording(story));
    });

    it('can be asked of every question', () => {
      expect([...questions.keys()].sort()).toEqual([...OF_DECISIONS, ...QUESTIONS].sort());
    });

    it.each(QUESTIONS)('is the same again where it was read, and another now: %s', async (name) => {
      const before = earlier.get(name) ?? '';
      const [{ readAt }] = JSON.parse(before) as [{ readAt: string }];
      expect(await ask(name, readAt)).toBe(before);
      const now = await ask(name);
      expect(now.replace(/"readAt":"[^"]*"/, '')).not.toBe(before.replace(/"readAt":"[^"]*"/, ''));
    });
  });
}
