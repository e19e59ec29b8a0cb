import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DecidedPolicy } from '@chargeproof/central-system';
import {
  createSealer,
  type IdTagsDecided,
  policyRecord,
  type RegistrationDecided,
  writePayload,
} from '@chargeproof/record';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UnusableSetting } from '../settings.ts';
import { SEALING } from '../testing/asked-commands.ts';
import { readPolicies } from './file-policies.ts';
import { policiesOf as policiesOver } from './policies.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chargeproof-policies-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function policiesOf(
  registration: string | undefined,
  idTags: string | undefined,
  troubles: Error[] = [],
  decided = new DecidedPolicy(),
) {
  const file = (name: string, text: string | undefined) => {
    if (text === undefined) return undefined;
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const settings = {
    registration: file('stations.json', registration),
    idTags: file('tags.json', idTags),
    readConfiguration: false,
  };
  const files = readPolicies(settings, (error) => troubles.push(error));
  return policiesOver({ files, decided, ...SEALING });
}
const CP1 = { tenant: 'default', station: 'CP-1' };

describe('the policies of the built-in central system', () => {
  it('are open where no file is named', () => {
    const policies = policiesOf(undefined, undefined);
    expect(policies.registrationOf(CP1)).toEqual({ status: 'Accepted', interval: 300 });
    expect(policies.idTagsOf('acme')).toMatchObject({ others: 'Accepted' });
  });

  it('are by station and by tenant', () => {
    const { registrationOf, idTagsOf } = policiesOf(
      '{"others": "Pending", "stations": {"CP-1": "Accepted", "acme/a b": "Rejected"}}',
      '{"others": "Blocked", "tenants": {"acme": {"others": "Accepted"}}}',
    );
    const statusOf = (tenant: string, station: string) => registrationOf({ tenant, station }).status;
    expect(statusOf('default', 'CP-1')).toBe('Accepted');
    expect(statusOf('acme', 'CP-1')).toBe('Pending');
    expect(statusOf('acme', 'a b')).toBe('Rejected');
    expect([idTagsOf('default').others, idTagsOf('acme').others]).toEqual(['Blocked', 'Accepted']);
  });

  it('hold as the files are now; what cannot be used is told once and changes nothing', () => {
    const troubles: Error[] = [];
    const { registrationOf } = policiesOf('{"others": "Rejected"}', undefined, troubles);
    const becomes = (text: string) => {
      writeFileSync(join(folder, 'stations.json'), text);
      return registrationOf(CP1).status;
    };
    expect(becomes('{"others": "Pend')).toBe('Rejected');
    expect(registrationOf(CP1).status).toBe('Rejected');
    expect(troubles.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^CHARGEPROOF_CENTRAL_SYSTEM_REGISTRATION: \S+: the file is no JSON; what was read before/,
      ),
    ]);
    expect(becomes('{"others": "Pending"}')).toBe('Pending');
  });

  it.each([
    ['{"stations": {"a/b/c": "Accepted"}}', '{}', 'names "a/b/c", which is no [tenant/]station'],
    ['{"others": "Maybe"}', '{}', 'others is one of Accepted, Pending, Rejected'],
    ['{}', '{"idTags": {"SECRET": "Maybe"}}', 'entry 1 of idTags is one of Accepted, Blocked'],
    ['{}', '{"idTags": {"SECRET": ', 'is no JSON'],
  ])('cannot be read of %s and %s', (registration, idTags, why) => {
    const read = () => policiesOf(registration, idTags);
    expect(read).toThrow(UnusableSetting);
    expect(read).toThrow(why);
    expect(read).not.toThrow('SECRET');
  });
});

describe('what was decided', () => {
  const BY = { decision: 'd', actor: 'ops' };
  /** As the API appends it: sealed. */
  function decidedOf(...payloads: readonly (IdTagsDecided | (RegistrationDecided & { station?: string }))[]) {
    const decided = new DecidedPolicy();
    payloads.forEach((payload, at) => {
      const isOfTags = 'updateType' in payload;
      const type = isOfTags ? 'platform.id-tags-decided.v1' : 'platform.registration-decided.v1';
      const station = isOfTags ? undefined : payload.station;
      const about = { tenant: 'default', station, decision: 'd', source: 'api', time: at };
      const { value, sealed } = SEALING.sealer.seal(writePayload(type, payload), 'text');
      const { attributes } = policyRecord(type, about);
      decided.take({ attributes: { ...attributes, ...(sealed && { sealed }) }, value, loggedAt: at });
    });
    return decided;
  }
  const tags = (
    localAuthorizationList: IdTagsDecided['localAuthorizationList'],
    more = {},
  ): IdTagsDecided => ({
    ...BY,
    updateType: 'Differential',
    localAuthorizationList,
    ...more,
  });
  const FILE = '{"others": "Invalid", "idTags": {"Mine": "Accepted", "Lost": "Accepted"}}';

  it('of a tag holds over the file, in any case of letters; of the others it says nothing of those in the file', () => {
    const decided = decidedOf(
      tags([{ idTag: 'LOST', idTagInfo: { status: 'Blocked', parentIdTag: 'Haus ü"1' } }], {
        others: 'Accepted',
      }),
    );
    const { find, others } = policiesOf(undefined, FILE, [], decided).idTagsOf('default');
    expect(find('lost')).toMatchObject({ status: 'Blocked', parentIdTag: 'Haus ü"1' });
    expect(find('MINE')).toMatchObject({ status: 'Accepted' });
    expect([find('other'), others]).toEqual([undefined, 'Accepted']);
    expect(policiesOf(undefined, FILE, [], decided).idTagsOf('acme').find('lost')).toBeUndefined();
  });

  it('and taken back, the file says it again', () => {
    const decided = decidedOf(
      tags([{ idTag: 'lost', idTagInfo: { status: 'Blocked' } }], { others: 'Accepted' }),
      tags([{ idTag: 'Lost' }], { others: null }),
    );
    const { find, others } = policiesOf(undefined, FILE, [], decided).idTagsOf('default');
    expect([find('lost')?.status, others]).toEqual(['Accepted', 'Invalid']);
  });

  it('of a station holds over the file’s, and of the others over the file’s others', () => {
    const decided = decidedOf(
      { ...BY, station: 'CP-1', registration: { status: 'Rejected', interval: 7 } },
      { ...BY, registration: { status: 'Pending' } },
    );
    const file = '{"others": "Accepted", "stations": {"CP-1": "Accepted", "CP-2": "Accepted"}}';
    const { registrationOf, isNamed } = policiesOf(file, undefined, [], decided);
    const of = (station: string, tenant = 'default') => registrationOf({ tenant, station });
    expect(of('CP-1')).toEqual({ status: 'Rejected', interval: 7 });
    expect([of('CP-2').status, of('CP-3').status, of('CP-3', 'acme').status]).toEqual([
      'Accepted',
      'Pending',
      'Accepted',
    ]);
    const named = (station: string) => isNamed({ tenant: 'default', station });
    expect(['CP-1', 'CP-2', 'CP-3'].map(named)).toEqual([true, true, false]);
    expect(
      policiesOf(undefined, undefined, [], decided).isNamed({ tenant: 'default', station: 'CP-1' }),
    ).toBe(true);
  });

  it('with a parent that a key sealed which is gone is told without it', () => {
    const decided = decidedOf(tags([{ idTag: 'T', idTagInfo: { status: 'Accepted', parentIdTag: 'P' } }]));
    const unseal = () => {
      throw new Error('gone');
    };
    const policies = policiesOver({ decided, sealer: SEALING.sealer, unseal });
    expect(policies.idTagsOf('default').find('t')).not.toHaveProperty('parentIdTag');
  });

  it('makes a local list in clear, with the file beneath it, of tags that OCPP 1.6 has; or none', () => {
    const decided = decidedOf(
      tags([
        { idTag: 'LOST', idTagInfo: { status: 'Blocked', parentIdTag: 'Haus' } },
        { idTag: 'Old', idTagInfo: { status: 'Accepted', expiryDate: '2020-01-01T00:00:00Z' } },
        { idTag: 'T'.repeat(21), idTagInfo: { status: 'Accepted' } },
      ]),
    );
    const now = Date.UTC(2026, 0, 1) * 1000;
    expect(policiesOf(undefined, FILE, [], decided).localListOf('default', now)).toEqual([
      { idTag: 'Mine', idTagInfo: { status: 'Accepted' } },
      { idTag: 'LOST', idTagInfo: { status: 'Blocked', parentIdTag: 'Haus' } },
      { idTag: 'Old', idTagInfo: { status: 'Expired', expiryDate: '2020-01-01T00:00:00.000Z' } },
    ]);
    const unseal = () => {
      throw new Error('gone');
    };
    const sealed = policiesOver({ decided, sealer: SEALING.sealer, unseal });
    expect(sealed.localListOf('default', now)).toBeUndefined();
    expect(sealed.localListOf('acme', now)).toEqual([]);
  });

  it('is compared by the key of stand-ins: that of another file finds nothing', () => {
    const decided = decidedOf(tags([{ idTag: 'T', idTagInfo: { status: 'Blocked' } }]));
    const standIns = Buffer.alloc(32, 9);
    const other = createSealer({ current: 'k', keys: new Map([['k', standIns]]), standIns });
    const policies = policiesOver({ decided, sealer: other, unseal: SEALING.unseal });
    expect(policies.idTagsOf('default').find('T')).toBeUndefined();
  });
});
