import type { LoggedRecord } from '@chargeproof/record';
import { describe, expect, it } from 'vitest';
import { runRecordPlace } from './items.ts';

const RUN = '0h9wq3k1c00-abc123';
const CONNECTION = `${RUN}-1`;
const open = { run: RUN, origin: 1_000_000, last: 1_000_000 };

const tick = (monotonic: unknown, time = 2_000_000): LoggedRecord => ({
  key: '-',
  attributes: {
    id: `${RUN}.0/1`,
    source: RUN,
    type: 'recorder.tick.v1',
    tenant: 'default',
    time,
    witness: 'wire',
  },
  value: Buffer.from(JSON.stringify({ monotonic })),
  position: { generation: 1, partition: 0, offset: 0 },
  loggedAt: 0,
});

describe("a run's record", () => {
  it("stands where its run's clock says", () => {
    const origin = 2e15;
    expect(runRecordPlace(CONNECTION, { ...open, origin }, tick(5))?.time).toBe(origin + 5);
  });

  it.each([1e300, 1.5, 'soon', Number.MAX_SAFE_INTEGER])('stands nowhere when its clock says %j', (claim) => {
    expect(runRecordPlace(CONNECTION, open, tick(claim))).toBeUndefined();
  });

  it('stands nowhere when neither clock gives a time', () => {
    expect(runRecordPlace(CONNECTION, { ...open, origin: null }, tick(1, 1e17))).toBeUndefined();
  });
});
