import { readFrame } from '@chargeproof/ocpp';
import { describe, expect, it } from 'vitest';
import { Conversation } from './conversation.ts';
import { Tally } from './tally.ts';

const STATION = 'station-to-csms';
const CSMS = 'csms-to-station';
const frame = (text: string) => readFrame(Buffer.from(text), 'text');
const directions = (...frames: string[]) => {
  const conversation = new Conversation();
  return frames.map((text) => conversation.take(frame(text), undefined).direction);
};

describe('directions that a recording does not state', () => {
  it('are those of the action, and of a response the other one', () => {
    expect(
      directions('[2,"1","Heartbeat",{}]', '[3,"1",{}]', '[2,"1","Reset",{}]', '[4,"1","X","",{}]'),
    ).toEqual([STATION, CSMS, CSMS, STATION]);
  });

  it('of two open calls of one id go by the newer', () => {
    expect(directions('[2,"1","Reset",{}]', '[2,"1","heartBeat",{}]', '[3,"1",{}]', '[3,"1",{}]')).toEqual([
      CSMS,
      STATION,
      CSMS,
      STATION,
    ]);
  });

  it('of a DataTransfer go by who is still waiting for an answer', () => {
    expect(
      directions(
        '[2,"1","Heartbeat",{}]',
        '[2,"2","DataTransfer",{}]',
        '[3,"2",{}]',
        '[2,"3","DataTransfer",{}]',
      ),
    ).toEqual([STATION, CSMS, STATION, STATION]);
  });

  it.each(['[3,"9",{}]', 'no json', '[2,"1","Vendor",{}]', '[2,"1","Res'])(
    'of what stands alone are the station: %s',
    (text) => {
      expect(directions(text)).toEqual([STATION]);
    },
  );
});

it('counts what answers what, in stated directions', () => {
  const conversation = new Conversation();
  const tally = new Tally();
  for (const [text, direction] of [
    ['[2,"1","Heartbeat",{}]', STATION],
    ['[2,"1","Heartbeat",{}]', STATION],
    ['[3,"1",{}]', STATION],
    ['[3,"1",{}]', CSMS],
    ['[4,"2","X","",{}]', CSMS],
    ['[2,"3","Heartbeat"', STATION],
    ['[7,"3"]', STATION],
  ] as const) {
    tally.frame(frame(text), conversation.take(frame(text), direction));
  }
  tally.unread(2);
  expect(tally.counts).toEqual({
    notJson: 1,
    unreadLines: 2,
    calls: 2,
    callResults: 2,
    callErrors: 1,
    unansweredCalls: 1,
    orphanResponses: 2,
  });
});
