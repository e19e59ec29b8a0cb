import { createMemoryLog } from '@chargeproof/log';
import { sampleRecord } from '@chargeproof/log/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ApiUnderTest, startApi } from '../testing/api-under-test.ts';

const log = createMemoryLog();
let api: ApiUnderTest;
beforeAll(async () => (api = await startApi({ logLength: log })));
afterAll(() => api.close());

it('tells how many records and decisions the tables lack, which a difference of offsets does not', async () => {
  // The tables are of another, empty log: so they lack all of this one.
  await log.append(
    'ocpp.frames',
    [1, 2, 3].map((station) => sampleRecord(`ST-${station}`, 0)),
  );
  await log.append('ocpp.frames', [sampleRecord('ST-1', 1)]);
  await log.append('platform.decisions', [sampleRecord('ST-1', 0), sampleRecord('ST-1', 1)]);
  const { data } = await api.ask<{ platform: { partitions: { logEnd: string; folded: string }[] } }>(
    '{ platform { lag decisions { logEnd copied lag } partitions { logEnd folded } } }',
  );
  expect(data?.platform).toMatchObject({ lag: '4', decisions: { logEnd: '2', copied: '0', lag: '2' } });
  const between =
    data?.platform.partitions.map(({ logEnd, folded }) => Number(logEnd) - Number(folded)) ?? [];
  expect(between.reduce((sum, offsets) => sum + offsets, 0)).toBeGreaterThan(4);
});
