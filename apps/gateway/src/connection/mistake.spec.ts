import { expect, it } from 'vitest';
import type { Sealer } from '../sealer.ts';
import { RecorderUnderTest } from '../testing/recorder-under-test.ts';
import { station } from '../testing/wire.ts';

it('a frame over which we stumble ends its own connection, and no other', async () => {
  const bugs: unknown[] = [];
  const stumbling: Sealer = {
    seal: (value) => {
      if (Buffer.from(value).includes('stone')) throw new RangeError('a mistake of ours');
      return { value };
    },
  };
  await using recorder = await RecorderUnderTest.start(
    {},
    { sealer: stumbling, onBug: (bug) => bugs.push(bug) },
  );
  const one = await station(recorder.url('/ocpp/CP-1'));
  const csms = await recorder.upstream.next();
  const other = await station(recorder.url('/ocpp/CP-2'));
  const csmsOfOther = await recorder.upstream.next();
  for (const text of ['before', 'a stone', 'behind']) one.send(text);
  expect(await one.closed).toMatchObject({ code: 1011 });
  await csms.closed;
  expect(csms.texts.filter((text) => text !== 'before')).toEqual([]);
  other.send('goes on');
  other.socket.close(1000);
  await csmsOfOther.closed;
  expect(csmsOfOther.texts).toEqual(['goes on']);
  expect(bugs).toHaveLength(1);
  const ofOne = (await recorder.records()).filter(({ attributes }) => attributes.subject === 'CP-1');
  expect(ofOne.map(({ attributes }) => attributes.sequence)).toEqual(ofOne.map((_, index) => index));
  expect(await recorder.payloads('ocpp.gap.v1')).toEqual([
    { missing: 'frames', count: 1, reason: 'internal', direction: 'station-to-csms' },
  ]);
});
