import { sampleRecord } from '@chargeproof/log/testing';
import { type Client, createClient } from 'graphql-ws';
import { afterEach, describe, expect, it } from 'vitest';
import { type ApiUnderTest, startApi } from '../testing/api-under-test.ts';
import { every } from './frame-tail.ts';

let api: ApiUnderTest;
let client: Client;
afterEach(async () => {
  await client.dispose();
  await api.close();
});

async function start(...more: Parameters<typeof startApi>): Promise<void> {
  api = await startApi(...more);
  client = createClient({ url: `${api.address.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket });
}

type Recorded = { frameRecorded: { id: string; text: string } };
const subscribe = (filter: object) =>
  client.iterate<Recorded>({
    query: `subscription ($filter: FrameFilter) { frameRecorded(filter: $filter) { id text sameAs } }`,
    variables: { filter },
  });

type Frames = ReturnType<typeof subscribe>;

/** A subscription is there once a frame of its own comes back: until then nobody can know. */
async function begun(station: string): Promise<Frames> {
  const frames = subscribe({ station: [station] });
  const came = { first: false };
  const first = frames.next().then(() => (came.first = true));
  for (let sequence = 0; !came.first; sequence++) {
    await api.append([sampleRecord(station, sequence, '[2,"x","First",{}]')]);
    await Promise.race([first, new Promise((resolve) => setTimeout(resolve, 50))]);
  }
  return frames;
}

/** The next frame that is none of those that began the subscription. */
async function nextOf(frames: Frames): Promise<Recorded['frameRecorded']> {
  for (;;) {
    const { value } = (await frames.next()) as { value: { data: Recorded } };
    const frame = value.data.frameRecorded;
    if (!frame.text.includes('First')) return frame;
  }
}

describe('frameRecorded', () => {
  it.each([
    ['by the engine', {}],
    ['by looking, where another process folds', { commits: every(20) }],
  ])(
    'tells of each frame of the filter once, in order, when it can be asked about: told %s',
    async (_, more) => {
      await start(more);
      const frames = await begun('LIVE');
      const ids: string[] = [];
      for (let batch = 0; batch < 3; batch++) {
        const sequences = Array.from({ length: 4 }, (_, index) => 1000 + 4 * batch + index);
        await api.append([
          ...sequences.map((sequence) => sampleRecord('LIVE', sequence)),
          ...sequences.map((sequence) => sampleRecord('OTHER', sequence)),
        ]);
        for (const sequence of sequences) {
          const { id } = await nextOf(frames);
          ids.push(id);
          expect(id).toBe(sampleRecord('LIVE', sequence).attributes.id);
          const { data } = await api.ask<{ frames: { nodes: { id: string }[] } }>(
            `{ frames(first: 100, filter: { station: ["LIVE"], text: "\\"${sequence}\\"" }) { nodes { id } } }`,
          );
          expect(data?.frames.nodes).toEqual([{ id }]);
        }
      }
      expect(new Set(ids).size).toBe(12);
    },
  );

  it('refuses a filter that cannot be used as a search does', async () => {
    await start();
    const answer: { value: unknown } = await subscribe({ direction: 'SIDEWAYS' }).next();
    expect(answer.value).toMatchObject({
      errors: [{ extensions: { code: 'BAD_USER_INPUT', argument: '$filter.direction' } }],
    });
    const unknown = client.iterate({ query: 'subscription { frameRecorded { nothing } }' });
    await expect(unknown.next()).rejects.toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});
