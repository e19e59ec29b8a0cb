import { sampleRecord } from '@chargeproof/log/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type ApiUnderTest, startApi } from '../testing/api-under-test.ts';

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const RUN = '0h9wq3k1c00-abc123';
const OPENED = 1_763_719_200_000_000;
const SECOND = 1_000_000;
/** Of one of a station's connections, the n-th a minute after the one before it. */
const on = (n: number, sequence: number, text: string, way: 'up' | 'down', seconds: number) => {
  const opened = OPENED + n * 60 * SECOND;
  const connection = `${opened.toString(36).padStart(11, '0')}-abc123-${n}`;
  return sampleRecord('CP', sequence, text, {
    id: `${connection}/${sequence}`,
    source: RUN,
    connection,
    monotonic: seconds * SECOND,
    time: opened + seconds * SECOND,
    direction: way === 'up' ? 'station-to-csms' : 'csms-to-station',
  });
};

const QUESTION = `query ($asOf: String, $after: String, $filter: ExchangeFilter = { station: ["CP"] }) {
  exchanges(first: 2, filter: $filter, asOf: $asOf, after: $after) {
    nodes {
      id action messageId outcome errorCode calledAt answeredAt latencyMicros direction
      call { id text } answer { id text position { offset } }
      evidence { total recordIds frames { id kind } }
    }
    edges { cursor } pageInfo { hasNextPage endCursor } totalCount readAt
  }
  connections(station: ["CP"], asOf: $asOf) { nodes { id state openedAt previous } totalCount readAt }
}`;

type Data = {
  exchanges: {
    nodes: { id: string; outcome: string; latencyMicros: string; call: { id: string } | null }[];
    pageInfo: { hasNextPage: boolean; endCursor: string };
    totalCount: string;
    readAt: string;
  };
  connections: { nodes: { id: string; previous: string | null }[]; readAt: string };
};

function dataOf({ data, errors }: Answer<Data>): Data {
  if (data === undefined) throw new Error(JSON.stringify(errors));
  return data;
}

describe('exchanges', () => {
  it('are the same bytes at the positions an answer named after late data came, and others now', async () => {
    // The first connection's records arrive when the second's are folded: a spool that drained late.
    await api.append([
      on(1, 1, '[2,"1","Heartbeat",{}]', 'up', 1),
      on(1, 2, '[3,"1",{}]', 'down', 1.5),
      on(1, 3, '[2,"2","Heartbeat",{}]', 'up', 2),
    ]);
    const before = await api.ask<Data>(QUESTION);
    const { exchanges, connections } = dataOf(before);
    expect(exchanges.nodes.map(({ outcome }) => outcome)).toEqual(['PENDING', 'RESULT']);
    expect(exchanges.nodes[1]).toMatchObject({
      latencyMicros: '500000',
      call: { text: '[2,"1","Heartbeat",{}]' },
      answer: { text: '[3,"1",{}]' },
      evidence: { total: '2', frames: [{ kind: 'CALL' }, { kind: 'CALL_RESULT' }] },
    });
    expect(connections.readAt).toBe(exchanges.readAt);

    await api.append([
      on(0, 1, '[2,"0","Heartbeat",{}]', 'up', 1),
      on(0, 2, '[3,"0",{}]', 'down', 2),
      on(1, 4, '[4,"2","InternalError","",{}]', 'down', 3),
    ]);
    const again = await api.ask<Data>(QUESTION, { asOf: exchanges.readAt });
    expect(JSON.stringify(again)).toBe(JSON.stringify(before));

    const now = dataOf(await api.ask<Data>(QUESTION));
    expect(now.exchanges.totalCount).toBe('3');
    expect(now.exchanges.nodes[0]).toMatchObject({ outcome: 'ERROR', errorCode: 'InternalError' });
    expect(now.connections.nodes.map(({ previous }) => previous)).toEqual([
      now.connections.nodes[1]?.id,
      null,
    ]);

    const page = await api.ask<Data>(QUESTION, { after: now.exchanges.pageInfo.endCursor });
    expect(page.data?.exchanges.nodes.map(({ id }) => id)).toEqual([on(0, 1, '', 'up', 1).attributes.id]);
    expect(page.data?.exchanges.pageInfo.hasNextPage).toBe(false);
  });

  it('are found by each member of the filter', async () => {
    const count = async (filter: Record<string, unknown>) =>
      Number((await api.ask<Data>(QUESTION, { filter })).data?.exchanges.totalCount);
    expect(await count({ messageId: '1' })).toBe(1);
    expect(await count({ outcome: ['ERROR', 'RESULT'] })).toBe(3);
    expect(await count({ direction: 'CSMS_TO_STATION' })).toBe(0);
    expect(await count({ action: ['Heartbeat'], from: '2025-11-21T10:01:02Z' })).toBe(1);
    expect(await count({ to: '2025-11-21T10:01:00Z' })).toBe(1);
    expect(await count({ connection: on(0, 1, '', 'up', 1).attributes.connection })).toBe(1);
    expect(await count({ station: ['nobody'] })).toBe(0);
  });
});
