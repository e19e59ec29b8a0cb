import type { AppendRequest } from '@chargeproof/log';
import { readPayload } from '@chargeproof/record';
import { expect, it } from 'vitest';
import { systemClock } from '../clock.ts';
import { Connections } from '../connection/connections.ts';
import { Recorder } from '../run/recorder.ts';
import { beginRun } from '../run/run.ts';
import { PASS_THROUGH } from '../testing/recorder-under-test.ts';
import type { LegFacts } from './facts.ts';
import { NamedRefusals } from './named-refusals.ts';
import { UnnamedRefusals } from './unnamed-refusals.ts';

const facts = (headers: number): LegFacts => ({
  leg: 'station',
  rawPath: '/ocpp/x',
  headerNames: new Array<string>(headers).fill('x'),
  offeredSubprotocols: [],
});
const REFUSAL = { status: 429, reason: 'too-many-handshakes' };

function refusals() {
  const written: AppendRequest[] = [];
  const clock = systemClock();
  const log = {
    append: (_: string, records: readonly AppendRequest[]) => {
      written.push(...records);
      return Promise.resolve([]);
    },
  };
  const recorder = new Recorder({ log, onFailure: () => undefined, onBug: () => undefined });
  const connections = new Connections(beginRun(clock), clock);
  const unnamed = new UnnamedRefusals(connections, recorder, PASS_THROUGH);
  const named = new NamedRefusals(connections, recorder, PASS_THROUGH, unnamed);
  const refuse = async (station: string, times: number, headers: number) => {
    for (let time = 0; time < times; time += 1) {
      const identity = connections.identify({ tenant: 'default', station });
      await named.note({ identity, refusal: REFUSAL, facts: facts(headers) });
    }
  };
  const flushed = async () => {
    written.length = 0;
    named.flush();
    await recorder.drained();
    return written.map(({ key, value }) => {
      const { count = 1, headerNames } = readPayload('ocpp.handshake-refused.v1', value);
      return { key, count, headers: headerNames.length };
    });
  };
  return { refuse, flushed };
}

it('refusals are counted by name as long as what they said takes no more than it may; none is uncounted', async () => {
  const { refuse, flushed } = refusals();
  await refuse('CP-1', 12, 1);
  // Each of them keeps some 10 MB once its first ten are on record: one has room, the second has none.
  for (const station of ['FLOOD-1', 'FLOOD-2']) {
    await refuse(station, 10, 1);
    await refuse(station, 2, 250_000);
  }
  await refuse('CP-1', 3, 250_000);
  await refuse('CP-2', 11, 1);
  const told = await flushed();
  expect(told).toEqual([
    { key: 'default/CP-1', count: 5, headers: 1 },
    { key: 'default/FLOOD-1', count: 2, headers: 250_000 },
    { key: 'default/CP-2', count: 1, headers: 1 },
    { key: 'default/-', count: 1, headers: 250_000 },
  ]);
  // What was told takes no room any more.
  await refuse('FLOOD-2', 10, 1);
  await refuse('FLOOD-2', 2, 250_000);
  expect(await flushed()).toEqual([{ key: 'default/FLOOD-2', count: 2, headers: 250_000 }]);
});
