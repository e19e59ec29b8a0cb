import { readFrame } from '@chargeproof/ocpp';
import type { Direction } from '@chargeproof/record';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Conversation } from './conversation.ts';
import { Tally } from './tally.ts';

const id = fc.constantFrom('1', '2', '3');
const direction = fc.constantFrom<(Direction | undefined)[]>('station-to-csms', 'csms-to-station', undefined);
const frame = fc.oneof(
  id.map((each) => `[2,"${each}","Heartbeat",{}]`),
  id.map((each) => `[2,"${each}","Reset",{}]`),
  id.map((each) => `[2,"${each}","Boot`),
  id.map((each) => `[2,"${each}"]`),
  id.map((each) => `[3,"${each}",{}]`),
  id.map((each) => `[3,"${each}",{`),
  id.map((each) => `[4,"${each}","GenericError","",{}]`),
  id.map((each) => `[5,"${each}","x","",{}]`),
  fc.constantFrom('[]', '{}', '7', '', 'x', '[2]', '[3]', '["2","1","Heartbeat",{}]', '[9,"1"]'),
  fc.string(),
);

function counted(frames: readonly (readonly [text: string, stated: Direction | undefined])[]) {
  const conversation = new Conversation();
  const tally = new Tally();
  for (const [text, stated] of frames) {
    const read = readFrame(Buffer.from(text), 'text');
    tally.frame(read, conversation.take(read, stated));
  }
  return tally.counts;
}

describe('the counts of a recording', () => {
  it('fit each other, whatever it holds', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(frame, direction), { maxLength: 40 }), (frames) => {
        const counts = counted(frames);
        const { notJson, calls, callResults, callErrors, unansweredCalls, orphanResponses } = counts;
        const messages = calls + callResults + callErrors;
        expect(Math.min(...Object.values(counts))).toBeGreaterThanOrEqual(0);
        expect(messages + notJson).toBeLessThanOrEqual(frames.length);
        expect(unansweredCalls).toBeLessThanOrEqual(calls);
        expect(orphanResponses).toBeLessThanOrEqual(callResults + callErrors);
        // Who answers a CALL that is no JSON, or answers in what is none, stands on one side only.
        const answered = calls - unansweredCalls;
        expect(Math.abs(answered - (callResults + callErrors - orphanResponses))).toBeLessThanOrEqual(
          notJson,
        );
      }),
      { numRuns: 500 },
    );
  });

  it('take a CALL that is no JSON for nothing else, and what answers it for no orphan', () => {
    const frames = ['[2,"1","Boot', '[3,"1",{}]', '[3,"2",{}]'].map((text) => [text, undefined] as const);
    expect(counted(frames)).toMatchObject({
      notJson: 1,
      calls: 0,
      callResults: 2,
      unansweredCalls: 0,
      orphanResponses: 1,
    });
  });
});
