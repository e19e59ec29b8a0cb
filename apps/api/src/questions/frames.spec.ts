import { sampleRecord } from '@chargeproof/log/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type ApiUnderTest, startApi } from '../testing/api-under-test.ts';

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const append: ApiUnderTest['append'] = (records) => api.append(records);
const ask = <Data>(query: string, variables?: Record<string, unknown>) => api.ask<Data>(query, variables);

const heartbeats = (station: string, from: number, count: number) =>
  Array.from({ length: count }, (_, i) => sampleRecord(station, from + i));

type Page = {
  frames: {
    nodes: { id: string }[];
    pageInfo: { endCursor: string | null; hasNextPage: boolean };
    totalCount: string;
    readAt: string;
  };
};
const PAGE = `query ($station: [String!], $after: String, $asOf: String) {
  frames(first: 7, filter: { station: $station }, after: $after, asOf: $asOf) {
    nodes { id station time loggedAt direction kind messageId action fault text bytes position { partition offset } }
    pageInfo { endCursor hasNextPage } totalCount readAt
  }
}`;

describe('frames', () => {
  it('are given newest first, page by page, each once, whatever arrives meanwhile', async () => {
    await append(heartbeats('PAGED', 0, 20));
    const seen: string[] = [];
    let after: string | null = null;
    let next = 20;
    do {
      const { data }: Answer<Page> = await ask<Page>(PAGE, { station: ['PAGED'], after });
      seen.push(...(data?.frames.nodes.map(({ id }) => id) ?? []));
      after = data?.frames.pageInfo.hasNextPage === true ? data.frames.pageInfo.endCursor : null;
      await append([...heartbeats('PAGED', next, 5), ...heartbeats('OTHER', next, 5)]);
      next += 5;
    } while (after !== null);
    expect(seen).toEqual(
      heartbeats('PAGED', 0, 20)
        .map(({ attributes }) => attributes.id)
        .toReversed(),
    );
  });

  it('are the same bytes again when asked at the positions an answer named', async () => {
    await append(heartbeats('AGAIN', 0, 9));
    const before = await ask<Page>(PAGE, { station: ['AGAIN'] });
    await append(heartbeats('AGAIN', 9, 9));
    const again = await ask<Page>(PAGE, { station: ['AGAIN'], asOf: before.data?.frames.readAt });
    const now = await ask<Page>(PAGE, { station: ['AGAIN'] });
    expect(JSON.stringify(again)).toBe(JSON.stringify(before));
    expect(now.data?.frames.totalCount).toBe('18');
  });

  it('show what the codec says of them, and their bytes whatever they are', async () => {
    const bytes = Uint8Array.from([0x5b, 0xff, 0x00]);
    await append([
      sampleRecord('ODD', 0, '[2,"7","Bo'),
      sampleRecord('ODD', 1, bytes),
      sampleRecord('ODD', 2, '[3,"7",{}]'),
    ]);
    const { data } = await ask<{ frames: { nodes: unknown[] } }>(
      '{ frames(filter: { station: ["ODD"] }) { nodes { kind fault action messageId text bytes } } }',
    );
    expect(data?.frames.nodes).toEqual([
      {
        kind: 'CALL_RESULT',
        fault: null,
        action: null,
        messageId: '7',
        text: '[3,"7",{}]',
        bytes: btoa('[3,"7",{}]'),
      },
      expect.objectContaining({
        fault: 'not-utf8',
        text: null,
        bytes: Buffer.from(bytes).toString('base64'),
      }),
      expect.objectContaining({ kind: 'CALL', fault: 'truncated-json', messageId: '7', text: '[2,"7","Bo' }),
    ]);
  });

  it('are found by action, direction, message id, time and text', async () => {
    await append([
      sampleRecord('FOUND', 0, '[2,"a","BootNotification",{"chargePointVendor":"Größe"}]'),
      sampleRecord('FOUND', 1, '[3,"a",{}]', { direction: 'csms-to-station' }),
    ]);
    const ids = async (filter: string) =>
      (await ask<Page>(`{ frames(filter: { station: ["FOUND"], ${filter} }) { nodes { id } } }`)).data?.frames
        .nodes.length;
    expect(await ids('action: ["BootNotification"]')).toBe(1);
    expect(await ids('direction: CSMS_TO_STATION')).toBe(1);
    expect(await ids('messageId: "a"')).toBe(2);
    expect(await ids('text: "grÖSSe"')).toBe(0);
    expect(await ids('text: "GRÖßE"')).toBe(1);
    expect(await ids('to: "1999-01-01T00:00:00Z"')).toBe(0);
    expect(await ids('tenant: "elsewhere"')).toBe(0);
  });

  it.each([
    ['first', '{ frames(first: 501) { readAt } }'],
    ['after', '{ frames(after: "x") { readAt } }'],
    ['asOf', '{ frames(asOf: "yesterday") { readAt } }'],
  ])('name the argument %s when it cannot be used', async (argument, query) => {
    const { errors } = await ask(query);
    expect(errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', argument });
  });
});
