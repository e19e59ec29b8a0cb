import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSealer, type LoggedRecord, readPayload, unseal } from '@chargeproof/record';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiUnderTest, KEYS, startApi } from '../testing/api-under-test.ts';

const TAGS = 'platform.id-tags-decided.v1';
const FIELDS = 'idTag status expiryDate parentIdTag concurrentTransactions source actor reason decidedAt';
const ANSWERED = `id tenant actor reason idTags { ${FIELDS} } others { status source actor }`;
const LISTED = `query ($tenant: String! = "default", $idTag: [String!], $first: Int! = 50, $after: String, $asOf: String) {
  idTags(tenant: $tenant, idTag: $idTag, first: $first, after: $after, asOf: $asOf) { totalCount readAt
    pageInfo { hasNextPage endCursor } nodes { ${FIELDS} } others { status source actor } } }`;
const STATIONS = `query ($asOf: String) { registrations(asOf: $asOf) { readAt totalCount
  nodes { station status interval source actor } others { station status interval source } } }`;

type Tag = Readonly<Record<'idTag' | 'status' | 'source' | 'actor' | 'parentIdTag', string | null>>;
type Listed = {
  readonly totalCount: string;
  readonly readAt: string;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
  readonly nodes: readonly Tag[];
  readonly others: Readonly<Record<'status' | 'source', string>>;
};
type Answered = { readonly id: string; readonly idTags: readonly Tag[]; readonly others: object | null };

const folder = mkdtempSync(join(tmpdir(), 'chargeproof-policy-'));
const policies = { idTags: join(folder, 'tags.json'), registration: join(folder, 'stations.json') };
let api: ApiUnderTest;
beforeAll(async () => {
  writeFileSync(
    policies.idTags,
    '{"others": "Invalid", "idTags": {"FILED": {"parentIdTag": "HOUSE"}, "BOTH": "Accepted"}}',
  );
  writeFileSync(policies.registration, '{"others": "Pending", "stations": {"CP-F": "Accepted"}}');
  api = await startApi({ policies });
});
afterAll(async () => {
  await api.close();
  rmSync(folder, { recursive: true });
});

const sealer = createSealer(KEYS);
const standIn = (idTag: string) => sealer.standIn('idTag', idTag);
const decided = (): Promise<readonly LoggedRecord[]> =>
  api.log.read({ topic: 'platform.decisions', from: new Map(), maxRecords: 1000, maxBytes: 1e7 });

function ask(mutation: string, input: object, headers?: Record<string, string>) {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
  const fields = mutation.includes('Registration')
    ? 'id tenant station actor registration { station status interval source }'
    : ANSWERED;
  const question = `mutation ($input: ${type}!) { done: ${mutation}(input: $input) { ${fields} } }`;
  return api.ask<{ done: Answered }>(question, { input: { actor: 'ops', ...input } }, headers);
}
async function done(mutation: string, input: object): Promise<Answered> {
  const { data, errors } = await ask(mutation, input);
  if (data === undefined || errors !== undefined) throw new Error(JSON.stringify(errors));
  return data.done;
}
async function listed(variables: object = {}): Promise<Listed> {
  const { data, errors } = await api.ask<{ idTags: Listed }>(LISTED, { ...variables });
  if (data === undefined || errors !== undefined) throw new Error(JSON.stringify(errors));
  return data.idTags;
}

describe('a tag', () => {
  it('is decided on record, sealed, and shown by its stand-in with who decided it and why', async () => {
    const info = { status: 'BLOCKED', expiryDate: '2027-01-31T00:00:00Z', parentIdTag: 'Parent-1' };
    const answered = await done('setIdTag', { idTag: 'Tag-4711', idTagInfo: info, reason: 'lost' });
    const tag = {
      idTag: standIn('TAG-4711'),
      status: 'BLOCKED',
      expiryDate: '2027-01-31T00:00:00.000000Z',
      parentIdTag: standIn('parent-1'),
      concurrentTransactions: false,
      source: 'DECISION',
      actor: 'ops',
      reason: 'lost',
    };
    expect(answered).toMatchObject({ tenant: 'default', actor: 'ops', reason: 'lost', idTags: [tag] });
    expect((await listed({ idTag: ['tag-4711'] })).nodes).toMatchObject([tag]);
    expect((await listed({ idTag: [tag.idTag] })).totalCount).toBe('1');
    const record = (await decided()).at(-1)!;
    expect(Buffer.from(record.value).toString()).not.toMatch(/4711|Parent-1/);
    const opened = readPayload(TAGS, unseal(record.value, record.attributes.sealed!, KEYS));
    expect(opened.localAuthorizationList).toEqual([
      { idTag: 'Tag-4711', idTagInfo: { ...info, status: 'Blocked', expiryDate: tag.expiryDate } },
    ]);
  });

  it('is what was decided last, what the file says where nothing is, and as it was known then', async () => {
    const statusOf = async (asOf?: string) => {
      const { nodes } = await listed({ idTag: ['BOTH'], asOf });
      return nodes.map(({ status, source }) => [status, source]);
    };
    expect(await statusOf()).toEqual([['ACCEPTED', 'FILE']]);
    await done('setIdTag', { idTag: 'Both', idTagInfo: { status: 'BLOCKED' } });
    expect(await statusOf()).toEqual([['BLOCKED', 'DECISION']]);
    const { readAt } = await listed();
    await done('removeIdTag', { idTag: 'BOTH' });
    expect(await statusOf()).toEqual([['ACCEPTED', 'FILE']]);
    expect(await statusOf(readAt)).toEqual([['BLOCKED', 'DECISION']]);
    expect((await listed({ asOf: readAt })).nodes.map(({ source }) => source)).not.toContain('FILE');
  });

  it('that is in no list is what was decided of others, else what the file says, else accepted', async () => {
    expect((await listed()).others).toEqual({ status: 'INVALID', source: 'FILE', actor: null });
    expect((await listed({ asOf: (await listed()).readAt })).others.source).toBe('DEFAULT');
    expect((await done('setOtherIdTags', { status: 'BLOCKED' })).others).toEqual({
      status: 'BLOCKED',
      source: 'DECISION',
      actor: 'ops',
    });
    expect((await listed()).others).toMatchObject({ status: 'BLOCKED', source: 'DECISION' });
    expect((await listed({ tenant: 'acme' })).others).toMatchObject({ status: 'INVALID', source: 'FILE' });
    await done('setOtherIdTags', {});
    expect((await listed()).others.source).toBe('FILE');
  });

  it('is one of a full list, whole or in parts, which replaces what was decided', async () => {
    const tenant = 'lists';
    const list = (...idTags: readonly string[]) => ({
      tenant,
      updateType: 'FULL',
      localAuthorizationList: idTags.map((idTag) => ({ idTag, idTagInfo: {} })),
    });
    const there = async () => (await listed({ tenant })).nodes.map(({ idTag }) => idTag);
    const inOrder = (...idTags: readonly string[]) => idTags.map(standIn).toSorted();
    await done('setOtherIdTags', { tenant, status: 'EXPIRED' });
    await done('setIdTags', list('a', 'b'));
    expect(await there()).toEqual(inOrder('a', 'b'));
    const part = (number: number) => ({ part: { list: 'l-1', part: number, parts: 2 } });
    expect((await done('setIdTags', { ...list('c'), ...part(2) })).idTags).toHaveLength(1);
    await done('setIdTags', { ...list('d'), updateType: 'DIFFERENTIAL' });
    expect(await there()).toEqual(inOrder('a', 'b', 'd'));
    await done('setIdTags', { ...list('e', 'f'), ...part(1) });
    expect(await there()).toEqual(inOrder('c', 'e', 'f'));
    const gone = { tenant, updateType: 'DIFFERENTIAL', localAuthorizationList: [{ idTag: 'E' }] };
    expect((await done('setIdTags', gone)).idTags).toEqual([]);
    expect(await there()).toEqual(inOrder('c', 'f'));
    expect((await listed({ tenant })).others).toMatchObject({ status: 'EXPIRED' });
    const first = await listed({ tenant, first: 1 });
    expect(first).toMatchObject({ totalCount: '2', pageInfo: { hasNextPage: true } });
    const rest = await listed({ tenant, after: first.pageInfo.endCursor });
    expect([...first.nodes, ...rest.nodes].map(({ idTag }) => idTag)).toEqual(inOrder('c', 'f'));
  });

  it('of two lists that were told at once is of the one that was whole last, whatever is told of it again', async () => {
    const tenant = 'at-once';
    const tell = (name: string, number: number) =>
      done('setIdTags', {
        ...{ tenant, updateType: 'FULL', part: { list: name, part: number, parts: 2 } },
        localAuthorizationList: [{ idTag: `${name}${number}`, idTagInfo: {} }],
      });
    const there = async () => (await listed({ tenant })).nodes.map(({ idTag }) => idTag);
    const of = (name: string) => [`${name}1`, `${name}2`].map(standIn).toSorted();
    await tell('d', 1);
    await tell('c', 1);
    await tell('c', 2);
    expect(await there()).toEqual(of('c'));
    await tell('d', 2);
    await tell('c', 1);
    expect(await there()).toEqual(of('d'));
    await tell('e', 2);
    await tell('e', 1);
    expect(await there()).toEqual(of('e'));
  });

  const many = Array.from({ length: 251 }, (_, at) => ({ idTag: `T${at}`, idTagInfo: {} }));
  const full = { updateType: 'FULL', localAuthorizationList: [{ idTag: 'T', idTagInfo: {} }] };
  const ofPart = (part: object) => ({ ...full, part: { list: 'l', part: 1, parts: 1, ...part } });
  it.each([
    ['setIdTag', 'input.idTag', '1 to 36', { idTag: '' }],
    ['setIdTag', 'input.idTag', '1 to 36', { idTag: 'SECRET'.repeat(7) }],
    ['setIdTag', 'input.actor', '1 to 255', { idTag: 'T', actor: ' ' }],
    ['setIdTag', 'input.reason', 'at most 255', { idTag: 'T', reason: 'x'.repeat(256) }],
    ['setIdTag', 'input.tenant', 'bytes', { idTag: 'T', tenant: '..' }],
    [
      'setIdTag',
      'input.idTagInfo.parentIdTag',
      'at most 36',
      { idTag: 'T', idTagInfo: { parentIdTag: 'SECRET'.repeat(7) } },
    ],
    ['setIdTag', undefined, 'IdTagStatus', { idTag: 'T', idTagInfo: { status: 'Maybe' } }],
    ['setIdTag', undefined, 'IdTagStatus', { idTag: 'T', idTagInfo: { status: 'CONCURRENT_TX' } }],
    ['setIdTag', undefined, 'RFC 3339', { idTag: 'T', idTagInfo: { expiryDate: '2027-01-31' } }],
    ['removeIdTag', 'input.idTag', '1 to 36', { idTag: '' }],
    ['setIdTags', 'input.localAuthorizationList', 'at most 250', { ...full, localAuthorizationList: many }],
    [
      'setIdTags',
      'input.localAuthorizationList',
      'twice',
      { ...full, localAuthorizationList: [{ idTag: 'SECRET' }, { idTag: 'secret' }] },
    ],
    ['setIdTags', 'input.part.part', '1 to 1', ofPart({ part: 2 })],
    ['setIdTags', 'input.part.parts', '1 to 1000', ofPart({ parts: 1001 })],
    ['setIdTags', 'input.part.list', '1 to 36', ofPart({ list: 'a b' })],
    ['setIdTags', 'input.part', 'full list', { ...ofPart({}), updateType: 'DIFFERENTIAL' }],
    ['setRegistration', 'input.station', 'bytes', { station: '..', status: 'ACCEPTED' }],
    ['setRegistration', 'input.interval', '1 to 86400', { station: 'A', status: 'ACCEPTED', interval: 0 }],
  ])('or a station is not decided of by %s (%s: %s)', async (mutation, argument, fix, input) => {
    const count = (await decided()).length;
    const { errors = [] } = await ask(mutation, input);
    expect(errors[0]?.message).toContain(fix);
    if (argument !== undefined) expect(errors[0]?.extensions.argument).toBe(argument);
    expect(JSON.stringify(errors)).not.toMatch(/SECRET/i);
    expect((await decided()).length).toBe(count);
  });

  it('of 21 characters is one of OCPP 2.0.1; one whose time is over is kept as it was said', async () => {
    const idTag = 'T'.repeat(21);
    const idTagInfo = { expiryDate: '2001-01-01T00:00:00Z' };
    const { idTags } = await done('setIdTag', { idTag, idTagInfo });
    expect(idTags).toMatchObject([{ idTag: standIn(idTag), status: 'ACCEPTED' }]);
  });

  it('is decided of by nobody whom a page of another site sends', async () => {
    const { errors } = await ask('setIdTag', { idTag: 'T' }, { origin: 'http://elsewhere.example' });
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});

describe('a station', () => {
  type Stations = Pick<Listed, 'readAt'> & {
    readonly nodes: readonly Readonly<Record<string, unknown>>[];
    readonly others: object;
  };
  const stations = async (asOf?: string) =>
    (await api.ask<{ registrations: Stations }>(STATIONS, { asOf })).data!.registrations;

  it('that nobody knows yet is decided of; the others are what was decided of them, else what the file says', async () => {
    expect(
      await done('setRegistration', { station: 'CP-9', status: 'REJECTED', interval: 600 }),
    ).toMatchObject({
      station: 'CP-9',
      registration: { station: 'CP-9', status: 'REJECTED', interval: 600, source: 'DECISION' },
    });
    const { nodes, others, readAt } = await stations();
    expect(nodes).toEqual([
      { station: 'CP-9', status: 'REJECTED', interval: 600, source: 'DECISION', actor: 'ops' },
      { station: 'CP-F', status: 'ACCEPTED', interval: 300, source: 'FILE', actor: null },
    ]);
    expect(others).toEqual({ station: null, status: 'PENDING', interval: 60, source: 'FILE' });
    await done('setOtherRegistrations', { status: 'REJECTED' });
    expect(await done('removeRegistration', { station: 'CP-9' })).toMatchObject({ registration: null });
    const after = await stations();
    expect(after.nodes.map(({ station }) => station)).toEqual(['CP-F']);
    expect(after.others).toMatchObject({ status: 'REJECTED', source: 'DECISION' });
    expect((await stations(readAt)).nodes).toMatchObject([{ station: 'CP-9', status: 'REJECTED' }]);
    await done('setOtherRegistrations', {});
    expect((await stations()).others).toMatchObject({ source: 'FILE' });
  });
});

it('a file that cannot be used is told without what stands in it', async () => {
  writeFileSync(policies.idTags, '{"idTags": {"SECRET": "Maybe"}}');
  const { errors } = await api.ask(LISTED);
  expect(errors).toMatchObject([
    {
      message: expect.stringMatching(
        /CHARGEPROOF_CENTRAL_SYSTEM_ID_TAGS: \S+ entry 1 of idTags is one of/,
      ) as string,
      extensions: { code: 'UNAVAILABLE' },
    },
  ]);
  expect(JSON.stringify(errors)).not.toContain('SECRET');
});
