import { describe, expect, it } from 'vitest';
import type { StationTimelineQuery } from '../questions/generated.ts';
import { lanesOf } from './lanes.ts';

const window = { from: '2026-11-01T00:00:00Z', to: '2026-11-01T10:00:00Z' };
const at = (hour: string) => `2026-11-01T${hour}:00:00.000000Z`;
const page = { hasNextPage: false };

const answer = {
  statusTimeline: {
    pageInfo: page,
    nodes: [
      {
        connector: 1,
        status: 'Available',
        errorCode: null,
        since: '2026-10-31T00:00:00.000000Z',
        until: at('05'),
      },
      { connector: 1, status: 'Sleeping', errorCode: null, since: at('05'), until: null },
    ],
  },
  connections: {
    pageInfo: page,
    nodes: [
      { id: 'a', state: 'CLOSED', openedAt: at('02'), closedAt: at('04') },
      { id: 'b', state: 'REFUSED', openedAt: at('04'), closedAt: null },
    ].map((link) => ({ code: null, reason: null, endedBy: null, subprotocol: null, ...link })),
  },
  transactions: {
    pageInfo: page,
    nodes: [
      { id: 'before', startedAt: '2026-10-31T00:00:00.000000Z', stoppedAt: '2026-10-31T01:00:00.000000Z' },
      { id: 'runs', startedAt: at('09'), stoppedAt: null },
    ].map((one) => ({ connector: 2, kind: 'TRANSACTION', stopMethod: null, ...one })),
  },
} as StationTimelineQuery;

describe('the lanes of a station’s timeline', () => {
  const lanes = lanesOf(answer, window);

  it('are its link, then what each connector was and charged', () => {
    expect(lanes.map(({ label }) => label)).toEqual(['Link', 'Connector 1', 'Connector 2', 'Transactions 2']);
  });

  it('have a bar where something lasted, cut to the period', () => {
    const bars = lanes.map((lane) => lane.bars.map(({ word, tone, from, to }) => [word, tone, from, to]));
    expect(bars).toEqual([
      [
        ['Linked', 'up', 0.2, 0.4],
        ['Refused', 'fault', 0.4, 0.4],
      ],
      [
        ['Available', 'up', 0, 0.5],
        ['Sleeping', 'unknown', 0.5, 1],
      ],
      [],
      [['Charging', 'busy', 0.9, 1]],
    ]);
  });
});
