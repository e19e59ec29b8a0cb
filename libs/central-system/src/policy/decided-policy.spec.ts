import { type Payloads, policyRecord, type PolicyType, writePayload } from '@chargeproof/record';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DecidedPolicy, type PolicySaid } from './decided-policy.ts';

const TAGS = 'platform.id-tags-decided.v1';
const STATIONS = 'platform.registration-decided.v1';
const BY = { decision: 'd', actor: 'ops' };
const ACCEPTED = { status: 'Accepted' };

function said<Type extends PolicyType>(
  type: Type,
  payload: Payloads[Type] | string,
  { at = 0, tenant = 't', station }: { at?: number; tenant?: string; station?: string } = {},
): PolicySaid {
  const { attributes } = policyRecord(type, { tenant, station, decision: 'd', source: 'api', time: 0 });
  const value = typeof payload === 'string' ? Buffer.from(payload) : writePayload(type, payload);
  return { attributes, value, loggedAt: at };
}
const tags = (list: Record<string, object | undefined>, more: Partial<Payloads[typeof TAGS]> = {}) => ({
  ...BY,
  updateType: 'Differential' as const,
  localAuthorizationList: Object.entries(list).map(([idTag, idTagInfo]) => ({
    idTag,
    ...(idTagInfo && { idTagInfo: { ...ACCEPTED, ...idTagInfo } }),
  })),
  ...more,
});

function after(...all: readonly PolicySaid[]): DecidedPolicy {
  const policy = new DecidedPolicy();
  for (const each of all) policy.take(each);
  return policy;
}
const listed = (policy: DecidedPolicy) => [...(policy.idTagsOf('t')?.idTags.keys() ?? [])];

describe('what is decided of tags', () => {
  it('is the last word on each, and says who said it, when and why', () => {
    const policy = after(
      said(TAGS, tags({ a: {}, b: { status: 'Blocked' } })),
      said(TAGS, { ...tags({ A: { status: 'Expired' } }), actor: 'desk', why: 'lost' }, { at: 9 }),
      said(TAGS, tags({ b: undefined })),
    );
    expect([...(policy.idTagsOf('t')?.idTags ?? [])]).toEqual([
      [
        'a',
        {
          idTag: 'A',
          status: 'Expired',
          concurrentTransactions: false,
          by: { decision: 'd', actor: 'desk', why: 'lost', at: 9 },
        },
      ],
    ]);
    expect(policy.idTagsOf('another')).toBeUndefined();
  });

  it('has when a tag ends, its parent, and whether it may charge at several places', () => {
    const info = { expiryDate: '2027-01-31T01:00:00+01:00', parentIdTag: 'p', concurrentTransactions: true };
    expect(
      after(said(TAGS, tags({ a: info })))
        .idTagsOf('t')
        ?.idTags.get('a'),
    ).toMatchObject({
      expires: Date.UTC(2027, 0, 31) * 1000,
      parentIdTag: 'p',
      concurrentTransactions: true,
    });
  });

  it('of the others stands until it is taken back, whatever is said of tags', () => {
    const policy = after(
      said(TAGS, tags({}, { others: 'Invalid' })),
      said(TAGS, tags({ a: {} }, { updateType: 'Full' })),
    );
    expect(policy.idTagsOf('t')?.others).toMatchObject({ status: 'Invalid', by: { actor: 'ops' } });
    policy.take(said(TAGS, tags({}, { others: null })));
    expect(policy.idTagsOf('t')?.others).toBeUndefined();
    expect(listed(policy)).toEqual(['a']);
  });

  it('as a full list is all there is; told in parts it holds when they are all there, in any order', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([1, 2, 3, 4], { minLength: 4 }), (order) => {
        const policy = after(said(TAGS, tags({ old: {} })));
        const part = (number: number) =>
          tags({ [`tag${number}`]: {} }, { updateType: 'Full', decision: 'l', part: number, parts: 4 });
        for (const number of order.slice(0, 3)) policy.take(said(TAGS, part(number)));
        expect(listed(policy)).toEqual(['old']);
        policy.take(said(TAGS, part(order[3] ?? 0)));
        expect(listed(policy)).toEqual(['tag1', 'tag2', 'tag3', 'tag4']);
      }),
    );
  });

  it.each([
    ['no JSON', '{'],
    ['nothing', 'null'],
    ['a list that is none', JSON.stringify({ ...BY, updateType: 'Full', localAuthorizationList: 7 })],
    ['nobody', JSON.stringify({ updateType: 'Full', localAuthorizationList: [] })],
    ['another kind of update', JSON.stringify({ ...tags({ a: {} }), updateType: 'Some' })],
    ['an unknown status', JSON.stringify(tags({ old: { status: 'Maybe' }, a: { status: 'accepted' } }))],
    ['a time that is none', JSON.stringify(tags({ a: { expiryDate: 'soon' } }))],
    ['a part beyond the last', JSON.stringify(tags({ a: {} }, { updateType: 'Full', part: 3, parts: 2 }))],
    ['an empty tag', JSON.stringify(tags({ '': {} }))],
    ['stations', JSON.stringify({ ...BY, registration: { status: 'Rejected' } })],
  ])('and is void where it holds %s', (_what, text) => {
    const policy = after(said(TAGS, tags({ old: {} })), said(TAGS, text));
    expect(listed(policy)).toEqual(['old']);
    expect(policy.idTagsOf('t')?.idTags.get('old')).toMatchObject(ACCEPTED);
  });
});

describe('what is decided of stations', () => {
  it('is the last word on each and on the others, until it is taken back', () => {
    const rejected = { ...BY, registration: { status: 'Rejected', interval: 600 } };
    const policy = after(
      said(STATIONS, rejected, { station: 'CP-1' }),
      said(STATIONS, rejected, { station: 'CP-2' }),
      said(STATIONS, { ...BY, registration: { status: 'Pending' } }),
      said(STATIONS, BY, { station: 'CP-2' }),
    );
    const { stations, others } = policy.registrationsOf('t') ?? {};
    expect([...(stations?.keys() ?? [])]).toEqual(['CP-1']);
    expect(stations?.get('CP-1')?.registration).toEqual({ status: 'Rejected', interval: 600 });
    expect(others?.registration).toEqual({ status: 'Pending', interval: 60 });
    policy.take(said(STATIONS, BY));
    expect(policy.registrationsOf('t')?.others).toBeUndefined();
  });

  it.each([
    { status: 'accepted' },
    { status: 'Rejected', interval: 0 },
    { status: 'Rejected', interval: 1.5 },
  ])('and is void as %j', (registration) => {
    const policy = after(
      said(STATIONS, { ...BY, registration: { status: 'Pending' } }, { station: 'CP-1' }),
      said(STATIONS, { ...BY, registration }, { station: 'CP-1' }),
    );
    expect(policy.registrationsOf('t')?.stations.get('CP-1')?.registration.status).toBe('Pending');
  });
});
