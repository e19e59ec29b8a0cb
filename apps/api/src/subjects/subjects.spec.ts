import { KeyringUnusable } from '@chargeproof/keyring';
import { Scene, sealedWorld, second, STATION, WORLD_KEYS } from '@chargeproof/projection/testing';
import { createSealer, type SealingKeys } from '@chargeproof/record';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiUnderTest, startApi } from '../testing/api-under-test.ts';
import type { ClearText } from './clear-text.ts';

const TOKEN = 'of-who-may-see-tags';
const ALLOWED = { authorization: `Bearer ${TOKEN}` };
const SECRET = 'hush-00112233';
const KEY = Buffer.alloc(32, 9);
/** The file of today: what the first key sealed can be opened, or not, as each test has it. */
const ROTATED: SealingKeys = {
  ...WORLD_KEYS,
  current: 'young',
  keys: new Map([...WORLD_KEYS.keys, ['young', KEY]]),
};
const standIn = (tag: string) => createSealer(WORLD_KEYS).standIn('idTag', tag);

let keys: SealingKeys | undefined = ROTATED;
let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi({
    access: { token: 'the-token-of-this-api', tagsToken: TOKEN },
    keys: () =>
      keys === undefined
        ? Promise.reject(new KeyringUnusable('key file x is missing'))
        : Promise.resolve(keys),
  });
  const scene = new Scene();
  const run = scene.run('aaaaaa');
  const socket = run.open(second(1), STATION);
  let at = 2;
  const say = (up: boolean, frame: unknown) => {
    run.frame(second(at++), socket, up ? 'station-to-csms' : 'csms-to-station', JSON.stringify(frame));
  };
  const charge = (id: string, idTag: string) => {
    const start = { connectorId: 1, idTag, timestamp: '2026-11-01T00:00:01Z', meterStart: 0 };
    say(true, [2, `s${id}`, 'StartTransaction', start]);
    say(false, [3, `s${id}`, { transactionId: Number(id), idTagInfo: { status: 'Accepted' } }]);
    say(true, [2, `e${id}`, 'StopTransaction', { transactionId: Number(id), meterStop: 9, timestamp: 'x' }]);
    say(false, [3, `e${id}`, {}]);
  };
  charge('1', 'Driver-One');
  charge('2', 'Driver-Two');
  charge('3', 'null');
  say(false, [2, 'c', 'ChangeConfiguration', { key: 'AuthorizationKey', value: SECRET }]);
  say(true, [2, 'p', 'DataTransfer', { vendorId: 'v', data: JSON.stringify({ licensePlate: 'D-OT 1' }) }]);
  await api.append(sealedWorld(scene.appended).map(({ record }) => record));
});
afterAll(() => api.close());

type Transaction = { transactionId: string; idTag: string; clearIdTag: ClearText | null };
const TRANSACTIONS = `query ($filter: TransactionFilter) {
  transactions(filter: $filter) { nodes { transactionId idTag clearIdTag { value hidden detail } } } }`;

async function transactions(filter: object = {}, headers: Record<string, string> = {}) {
  const answer = await api.ask<{ transactions: { nodes: Transaction[] } }>(TRANSACTIONS, { filter }, headers);
  return (
    answer.data?.transactions.nodes.toSorted((a, b) => (a.transactionId < b.transactionId ? -1 : 1)) ?? []
  );
}
const clear = async (headers?: Record<string, string>) =>
  (await transactions({}, headers)).map(({ clearIdTag }) => clearIdTag?.value ?? clearIdTag?.hidden);

describe('a transaction', () => {
  it('shows its tag to who has the token for tags, and to nobody else', async () => {
    expect(await clear(ALLOWED)).toEqual(['Driver-One', 'Driver-Two', 'null']);
    for (const headers of [{}, { authorization: 'Bearer the-token-of-this-api' }])
      expect(await clear(headers)).toEqual(['NOT_ALLOWED', 'NOT_ALLOWED', 'null']);
    const [one] = await transactions();
    expect(one?.idTag).toBe(standIn('driver-one'));
    expect(one?.clearIdTag?.detail).toContain('CHARGEPROOF_API_TAGS_TOKEN');
  });

  it('says why its tag stays hidden', async () => {
    keys = { ...ROTATED, keys: new Map([['young', KEY]]), erased: new Map([['world', 1]]) };
    expect(await clear(ALLOWED)).toEqual(['KEY_ERASED', 'KEY_ERASED', 'null']);
    const [one] = await transactions({}, ALLOWED);
    expect(one?.clearIdTag?.detail).toMatch(/^key world was erased on 1970-01-01/);
    keys = { ...ROTATED, keys: new Map([['young', KEY]]) };
    expect(await clear(ALLOWED)).toEqual(['KEY_MISSING', 'KEY_MISSING', 'null']);
    keys = {
      ...ROTATED,
      keys: new Map([
        ['young', KEY],
        ['world', KEY],
      ]),
    };
    expect(await clear(ALLOWED)).toEqual(['CHANGED', 'CHANGED', 'null']);
    keys = undefined;
    expect(await clear(ALLOWED)).toEqual(['KEY_MISSING', 'KEY_MISSING', 'null']);
    keys = ROTATED;
  });
});

describe('a search', () => {
  it('finds transactions by a tag in clear, in any case of letters, and by its stand-in', async () => {
    const found = async (...idTag: string[]) =>
      (await transactions({ idTag })).map(({ transactionId }) => transactionId);
    expect(await found('driver-ONE')).toEqual(['1']);
    expect(await found(standIn('Driver-Two'))).toEqual(['2']);
    expect(await found('Driver-One', 'Driver-Two', 'nobody')).toEqual(['1', '2']);
    expect(await found('nobody')).toEqual([]);
    expect(await found()).toEqual([]);
  });

  it('finds frames by it', async () => {
    const question = `query ($filter: FrameFilter) {
      frames(filter: $filter) { totalCount nodes { text } } frameCounts(filter: $filter) { total } }`;
    type Found = {
      frames: { totalCount: string; nodes: { text: string }[] };
      frameCounts: { total: string };
    };
    const { data } = await api.ask<Found>(question, { filter: { idTag: ['DRIVER-one'] } });
    expect(data).toMatchObject({ frames: { totalCount: '1' }, frameCounts: { total: '1' } });
    expect(data?.frames.nodes[0]?.text).toContain(standIn('Driver-One'));
    const none = await api.ask<Found>(question, { filter: { idTag: [SECRET] } });
    expect(none.data?.frameCounts.total).toBe('0');
  });

  it('goes on after a rotation, by stand-in without any key, and says what is missing for a tag', async () => {
    keys = { ...ROTATED, keys: new Map([['young', KEY]]) };
    expect(await transactions({ idTag: ['driver-one'] })).toHaveLength(1);
    keys = undefined;
    expect(await transactions({ idTag: [standIn('Driver-One')] })).toHaveLength(1);
    const { errors } = await api.ask(TRANSACTIONS, { filter: { idTag: ['Driver-One'] } });
    expect(errors?.[0]?.extensions.code).toBe('UNAVAILABLE');
    expect(errors?.[0]?.message).toMatch(
      /^a tag cannot be searched here: key file x is missing; .*CHARGEPROOF_DATA_FOLDER/,
    );
    expect(JSON.stringify(errors)).not.toContain('Driver-One');
    keys = ROTATED;
    const many = await api.ask(TRANSACTIONS, { filter: { idTag: Array.from({ length: 101 }, String) } });
    expect(many.errors?.[0]?.message).toBe('filter.idTag takes at most 100 tags');
  });
});

describe('subjects', () => {
  const SUBJECTS = `query ($standIn: [String!], $idTag: [String!]) {
    subjects(standIn: $standIn, idTag: $idTag) {
      readAt entries { station standIn class clear { value hidden } evidence { total frames { action } } } } }`;
  type Entry = { standIn: string; class: string; clear: ClearText; evidence: object };
  const ask = async (variables: object, headers: Record<string, string> = {}) => {
    const { data, errors } = await api.ask<{ subjects: { entries: Entry[] } }>(
      SUBJECTS,
      { ...variables },
      headers,
    );
    return { entries: data?.subjects.entries ?? [], errors };
  };

  it('tells what stand-ins stand for and which frames showed it, in clear to who may see it', async () => {
    const plate = createSealer(WORLD_KEYS).standIn('personal', 'D-OT 1');
    const wanted = { idTag: ['DRIVER-TWO'], standIn: [plate] };
    const { entries } = await ask(wanted, ALLOWED);
    expect(entries).toEqual([
      {
        ...{ station: 'CP-1', standIn: plate, class: 'PERSONAL', clear: { value: 'D-OT 1', hidden: null } },
        evidence: { total: '1', frames: [{ action: 'DataTransfer' }] },
      },
      {
        ...{ station: 'CP-1', standIn: standIn('Driver-Two'), class: 'ID_TAG' },
        clear: { value: 'Driver-Two', hidden: null },
        evidence: { total: '1', frames: [{ action: 'StartTransaction' }] },
      },
    ]);
    const hidden = await ask(wanted);
    expect(hidden.entries.map((entry) => entry.clear)).toEqual([
      { value: null, hidden: 'NOT_ALLOWED' },
      { value: null, hidden: 'NOT_ALLOWED' },
    ]);
  });

  it('know no password', async () => {
    const secret = createSealer(WORLD_KEYS).standIn('secret', SECRET);
    const frames = await api.ask<{ frames: { totalCount: string } }>(
      `{ frames(filter: { text: "${secret}" }) { totalCount } }`,
    );
    expect(frames.data?.frames.totalCount).toBe('1');
    expect((await ask({ standIn: [secret] }, ALLOWED)).entries).toEqual([]);
  });

  it('are asked for by something', async () => {
    expect((await ask({})).errors?.[0]?.message).toBe('standIn and idTag are 1 to 100 together, not 0');
  });
});

it('no table and no answer to others has a tag in clear', async () => {
  const names = await api.store.select<{ name: string }>(
    'SELECT name FROM system.tables WHERE database = currentDatabase()',
  );
  const rows = await Promise.all(names.map(({ name }) => api.store.select(`SELECT * FROM ${name}`)));
  const everything = JSON.stringify([rows, await transactions()]);
  expect(everything).toContain(standIn('Driver-One'));
  for (const clearly of ['Driver-One', 'Driver-Two', SECRET, 'D-OT'])
    expect(everything.toLowerCase()).not.toContain(clearly.toLowerCase());
});
