import { createHash } from 'node:crypto';
import {
  createSealer,
  type IdTagsDecided,
  policyRecord,
  type RegistrationDecided,
  writePayload,
} from '@chargeproof/record';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DecidedPolicy, type PolicySaid } from './decided-policy.ts';
import { POLICY_VERSION, type PolicyLine } from './policy-lines.ts';

const TENANTS = ['t', 'u'] as const;
const KEY = Buffer.alloc(32, 7);
const sealer = createSealer({ current: 'k', keys: new Map([['k', KEY]]), standIns: KEY });

type Decided = { readonly tenant: string; readonly station?: string | undefined } & (
  | { readonly tags: Omit<IdTagsDecided, 'actor'> }
  | { readonly registration: RegistrationDecided['registration'] }
);

function said(decided: Decided, at: number): PolicySaid {
  const { tenant, station } = decided;
  const about = { tenant, station, decision: 'd', source: 'api', time: 0 };
  if (!('tags' in decided)) {
    const { registration } = decided;
    const type = 'platform.registration-decided.v1';
    const payload = { decision: `d${at}`, actor: 'ops', ...(registration && { registration }) };
    return { ...policyRecord(type, about), value: writePayload(type, payload), loggedAt: at };
  }
  const type = 'platform.id-tags-decided.v1';
  const written = writePayload(type, { ...decided.tags, actor: `desk ${at}` });
  const { value, sealed } = sealer.seal(written, 'text');
  const { attributes } = policyRecord(type, { ...about, station: undefined });
  return { attributes: { ...attributes, ...(sealed && { sealed }) }, value, loggedAt: at };
}

const word = <const Word>(...words: readonly Word[]) => fc.constantFrom(...words);
const entry = fc.record(
  {
    idTag: word('A', 'a', 'B', 'C', 'D'),
    idTagInfo: fc.record(
      {
        status: word('Accepted', 'Blocked', 'Expired'),
        expiryDate: word('2027-01-31T00:00:00Z'),
        parentIdTag: word('P', 'Q'),
        concurrentTransactions: fc.boolean(),
      },
      { requiredKeys: ['status'] },
    ),
  },
  { requiredKeys: ['idTag'] },
);
const tags = fc.record(
  {
    decision: word('one', 'other'),
    updateType: word('Full', 'Differential', 'Full'),
    localAuthorizationList: fc.array(entry, { maxLength: 3 }),
    part: word(1, 2, 3),
    parts: word(2, 3),
    others: word('Invalid', 'Accepted', null),
  },
  { requiredKeys: ['decision', 'updateType', 'localAuthorizationList'] },
);
const tenant = word(...TENANTS);
const station = word('CP-1', 'CP-2', undefined);
const registration = word({ status: 'Rejected', interval: 7 }, { status: 'Accepted' }, undefined);
const decisions: fc.Arbitrary<readonly Decided[]> = fc.array(
  fc.oneof(fc.record({ tenant, tags }), fc.record({ tenant, station, registration })),
  { maxLength: 20 },
);

/** As a file keeps it. */
const written = (policy: DecidedPolicy) => Array.from(policy.lines(), (line) => JSON.stringify(line));
const kept = (policy: DecidedPolicy) =>
  DecidedPolicy.of(written(policy).map((line) => JSON.parse(line) as PolicyLine));

/** In its order, which is that of a station's local list. */
const shown = (policy: DecidedPolicy) =>
  TENANTS.map((each) => {
    const idTags = policy.idTagsOf(each);
    const { stations, others } = policy.registrationsOf(each) ?? {};
    return [[...(idTags?.idTags ?? [])], idTags?.others, [...(stations ?? [])], others];
  });

describe('a policy that is kept', () => {
  it('at any point comes to the same with the rest as all of it, parts of lists included', () => {
    fc.assert(
      fc.property(decisions, fc.nat(20), (all, at) => {
        const whole = new DecidedPolicy();
        let split = new DecidedPolicy();
        for (const [index, each] of all.entries()) {
          if (index === at) split = kept(split);
          whole.take(said(each, index));
          split.take(said(each, index));
        }
        expect(shown(split)).toEqual(shown(whole));
        expect(shown(kept(split))).toEqual(shown(whole));
        expect(new Set(written(split))).toEqual(new Set(written(whole)));
      }),
      { numRuns: 300 },
    );
  });

  it('is as it was when it was asked for, whatever is decided while it is read', () => {
    const list = (updateType: 'Full' | 'Differential', idTag: string): Decided => ({
      tenant: 't',
      tags: {
        decision: 'd',
        updateType,
        localAuthorizationList: [{ idTag, idTagInfo: { status: 'Accepted' } }],
      },
    });
    const policy = new DecidedPolicy();
    policy.take(said(list('Full', 'A'), 0));
    policy.take(said(list('Differential', 'B'), 1));
    const before = written(policy);
    const lines = policy.lines();
    policy.take(said(list('Differential', 'C'), 2));
    policy.take(said({ tenant: 'u', registration: { status: 'Rejected' } }, 3));
    expect(Array.from(lines, (line) => JSON.stringify(line))).toEqual(before);
  });

  it('says no tag in clear', () => {
    const policy = new DecidedPolicy();
    const idTagInfo = { status: 'Blocked', parentIdTag: 'HOUSE-42' };
    for (const part of [undefined, 1])
      policy.take(
        said(
          {
            tenant: 't',
            tags: {
              decision: 'd',
              updateType: 'Full',
              localAuthorizationList: [{ idTag: 'LOST-42', idTagInfo }, { idTag: 'GONE-42' }],
              ...(part && { part, parts: 2 }),
            },
          },
          0,
        ),
      );
    expect(written(policy)).toHaveLength(2);
    expect(written(policy).join()).not.toMatch(/-42/i);
  });

  it('is of a fold that has its version: who changes this digest raises POLICY_VERSION', () => {
    const policy = new DecidedPolicy();
    const full = { decision: 'd', updateType: 'Full', others: 'Invalid' } as const;
    const idTagInfo = { status: 'Accepted', expiryDate: '2027-01-31T00:00:00Z', parentIdTag: 'P' };
    const corpus: readonly Decided[] = [
      { tenant: 't', tags: { ...full, localAuthorizationList: [{ idTag: 'A', idTagInfo }] } },
      { tenant: 't', tags: { ...full, part: 2, parts: 2, localAuthorizationList: [{ idTag: 'B' }] } },
      { tenant: 't', station: 'CP-1', registration: { status: 'Pending' } },
      { tenant: 'u', registration: { status: 'Rejected', interval: 7 } },
    ];
    for (const [index, each] of corpus.entries()) policy.take(said(each, index));
    const digest = createHash('sha256').update(written(policy).join('\n')).digest('hex');
    expect([POLICY_VERSION, digest.slice(0, 16)]).toEqual([1, '522b1c9e08a1869a']);
  });
});
