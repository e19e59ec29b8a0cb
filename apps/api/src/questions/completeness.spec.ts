import { type Appended, GatewayRun } from '@chargeproof/projection/testing';
import { FRAME_PARTITIONS, formatMicros } from '@chargeproof/record';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type ApiUnderTest, startApi } from '../testing/api-under-test.ts';

const SECOND = 1_000_000;
const MINUTE = 60 * SECOND;
const BEGAN = 1_763_719_200_000_000;
const at = (minutes: number) => BEGAN + minutes * MINUTE;
const when = (minutes: number) => formatMicros(at(minutes));

/** A gateway's half an hour, of which one frame of the 20th minute is lost: a station that charges, and one that waits. */
function halfAnHour(): readonly Appended[] {
  const appended: Appended[] = [];
  const run = new GatewayRun(at(0), 0, 'clocks', FRAME_PARTITIONS, (one) => appended.push(one));
  run.start(60);
  const socket = run.open(at(0.1), { tenant: 'default', station: 'CP' });
  const idle = run.open(at(0.2), { tenant: 'default', station: 'IDLE' });
  run.frame(at(0.3), idle, 'station-to-csms', '[2,"1","Heartbeat",{}]');
  let id = 0;
  const call = (minutes: number, action: string, payload: object, answer: object) => {
    id += 1;
    run.frame(at(minutes), socket, 'station-to-csms', JSON.stringify([2, String(id), action, payload]));
    run.frame(at(minutes), socket, 'csms-to-station', JSON.stringify([3, String(id), answer]));
  };
  const available = { connectorId: 1, status: 'Available', errorCode: 'NoError' };
  call(0.4, 'StatusNotification', available, {});
  for (let minute = 1; minute <= 30; minute += 1) {
    // Known from the third minute on; in the seventh somebody sets the clock.
    const clock = minute < 3 ? {} : { clockOffset: minute === 7 ? -3_500_000 : 1200, clockUncertainty: 900 };
    run.tick(at(minute), 60, false, clock);
    if (minute === 5)
      call(
        5.5,
        'StartTransaction',
        { connectorId: 1, idTag: 'x', meterStart: 0, timestamp: when(5.5) },
        { transactionId: 1, idTagInfo: { status: 'Accepted' } },
      );
    if (minute === 12 || minute === 20) call(minute + 0.5, 'Heartbeat', {}, {});
    if (minute === 25)
      call(25.5, 'StopTransaction', { transactionId: 1, meterStop: 700, timestamp: when(25.5) }, {});
  }
  const isLost = ({ record: { value } }: Appended) =>
    Buffer.from(value).toString() === '[2,"4","Heartbeat",{}]';
  return appended.filter((one) => !isLost(one));
}

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi();
  await api.append(halfAnHour().map(({ partition, record }) => ({ ...record, partition })));
});
afterAll(() => api.close());

const ENTRY = `{ station from to complete knownShare gaps { kind } clockOffsetMicros
  clock { says isOff offsetMicros uncertaintyMicros at run ticks knownTicks evidence { total } } }`;
type Entry = {
  readonly station: string;
  readonly from: string;
  readonly to: string;
  readonly complete: boolean;
  readonly knownShare: string;
  readonly gaps: readonly { readonly kind: string }[];
  readonly clock: object;
};
type Figure = {
  readonly entries: readonly { readonly completeness: Entry }[];
  readonly completeness: readonly Entry[];
};

async function ask<Data>(question: string, minutes: number): Promise<Data> {
  const { data, errors } = await api.ask<Data>(`query ($from: DateTime!, $to: DateTime!) { ${question} }`, {
    from: when(0),
    to: when(minutes),
  });
  if (data === undefined) throw new Error(JSON.stringify(errors));
  return data;
}

it('tells how far the gateway’s clock was off, when, and how often nobody knew', async () => {
  type Data = { completeness: { entries: readonly Entry[] } };
  const question = `completeness(from: $from, to: $to) { entries ${ENTRY} }`;
  const { completeness: early } = await ask<Data>(question, 6);
  expect(early.entries.map(({ clock }) => clock)).toMatchObject(
    [1, 2].map(() => ({
      says: 'at most 0.0012 s slow (± 0.0009 s); not known at 2 of 5 ticks',
      isOff: false,
      offsetMicros: '1200',
      at: when(3),
    })),
  );
  const { completeness: later } = await ask<Data>(question, 10);
  expect(later.entries[0]).toMatchObject({
    complete: true,
    knownShare: '1',
    clockOffsetMicros: '-3500000',
    clock: {
      says: 'at most 3.5 s fast (± 0.0009 s): times of the record around then are off by as much; not known at 2 of 9 ticks',
      isOff: true,
      offsetMicros: '-3500000',
      uncertaintyMicros: '900',
      at: when(7),
      run: expect.stringContaining('clocks') as string,
      ticks: '9',
      knownTicks: '7',
      evidence: { total: '1' },
    },
  });
  const { completeness: first } = await ask<Data>(question, 2);
  expect(first.entries[0]).toMatchObject({
    clockOffsetMicros: null,
    clock: { says: 'not known: no gateway asks a time server', at: null, ticks: '1', knownTicks: '0' },
  });
});

const FIGURE = `{ entries { completeness ${ENTRY} } completeness ${ENTRY} }`;

it('stands with uptime as the question of its own has it', async () => {
  const { completeness, uptime } = await ask<{ completeness: { entries: Entry[] }; uptime: Figure }>(
    `completeness(from: $from, to: $to) { entries ${ENTRY} } uptime(from: $from, to: $to) ${FIGURE}`,
    30,
  );
  expect(completeness.entries.map(({ station, complete }) => [station, complete])).toEqual([
    ['CP', false],
    ['IDLE', true],
  ]);
  expect(uptime.completeness).toEqual(completeness.entries);
  expect(uptime.entries.map((entry) => entry.completeness)).toEqual(completeness.entries);
});

it('stands with energy for as long as its transactions go on, and for stations without any', async () => {
  const { energy, completeness } = await ask<{ energy: Figure; completeness: { entries: Entry[] } }>(
    `energy(from: $from, to: $to) ${FIGURE} completeness(from: $from, to: $to) { entries ${ENTRY} }`,
    10,
  );
  expect(completeness.entries.map(({ complete }) => complete)).toEqual([true, true]);
  const [charged] = energy.entries;
  expect(charged?.completeness).toMatchObject({ station: 'CP', from: when(0), complete: false });
  expect(Date.parse(charged?.completeness.to ?? '')).toBeGreaterThanOrEqual(Date.parse(when(25.5)));
  expect(charged?.completeness.gaps.map(({ kind }) => kind).toSorted()).toEqual(['count', 'sequence']);
  expect(Number(charged?.completeness.knownShare)).toBeLessThan(1);
  expect(energy.completeness.map(({ station, complete }) => [station, complete])).toEqual([
    ['CP', false],
    ['IDLE', true],
  ]);
});

it('stands with a transaction for as long as that was heard of', async () => {
  const { transactions } = await ask<{ transactions: { nodes: { completeness: Entry }[] } }>(
    `transactions(filter: { from: $from, to: $to }) { nodes { completeness ${ENTRY} } }`,
    10,
  );
  const [one] = transactions.nodes;
  expect(one?.completeness).toMatchObject({ station: 'CP', complete: false });
  expect(one?.completeness.gaps.map(({ kind }) => kind).toSorted()).toEqual(['count', 'sequence']);
});

it('stands with findings of a period, and with none without', async () => {
  const { within, ever } = await ask<{ within: Figure; ever: Figure }>(
    `within: conformance(from: $from, to: $to) { completeness ${ENTRY} } ever: conformance { completeness ${ENTRY} }`,
    30,
  );
  expect(within.completeness.map(({ complete }) => complete)).toEqual([false, true]);
  expect(ever.completeness).toBeNull();
});

it('is read where it is asked for, and once for all figures of a period', async () => {
  const select = vi.spyOn(api.store, 'select');
  const ticksRead = () => select.mock.calls.filter(([sql]) => sql.includes('clockOffset')).length;
  await ask(
    'energy(from: $from, to: $to) { entries { energyWh } } uptime(from: $from, to: $to) { entries { upSeconds } }',
    30,
  );
  expect(ticksRead()).toBe(0);
  await ask(
    `energy(from: $from, to: $to) ${FIGURE} uptime(from: $from, to: $to) ${FIGURE}
     completeness(from: $from, to: $to) { entries ${ENTRY} } conformance(from: $from, to: $to) { completeness ${ENTRY} }`,
    30,
  );
  expect(ticksRead()).toBe(1);
  select.mockRestore();
});

it('and no figure with it is another one because the answering process looks at its clock later', async () => {
  const question = `query ($from: DateTime!, $to: DateTime!, $asOf: String) {
    energy(from: $from, to: $to, asOf: $asOf) ${FIGURE} uptime(from: $from, to: $to, asOf: $asOf) ${FIGURE}
    completeness(from: $from, to: $to, asOf: $asOf) { entries ${ENTRY} readAt }
    conformance(asOf: $asOf) { framesChecked } commands(asOf: $asOf) { nodes { state } }
    stations(asOf: $asOf) { nodes { station lastSeen } } connections(asOf: $asOf) { nodes { state } }
  }`;
  // To an hour that no gateway has told of yet.
  const period = { from: when(0), to: when(90) };
  type Read = { completeness: { readAt: string } };
  const { data: now } = await api.ask<Read>(question, period);
  const soon = Date.now();
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => soon + 400 * 86_400_000);
  const later = await api.ask<Read>(question, { ...period, asOf: now?.completeness.readAt });
  expect(later).toEqual({ data: now });
  expect(await api.ask<Read>(question, period)).toEqual({ data: now });
  clock.mockRestore();
});
