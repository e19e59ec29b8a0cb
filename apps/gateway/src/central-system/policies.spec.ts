import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UnusableSetting } from '../settings.ts';
import { OPEN, readPolicies } from './policies.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chargeproof-policies-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function policiesOf(registration: string | undefined, idTags: string | undefined, troubles: Error[] = []) {
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
  return readPolicies(settings, (error) => troubles.push(error));
}
const CP1 = { tenant: 'default', station: 'CP-1' };

describe('the policies of the built-in central system', () => {
  it('are open where no file is named', () => {
    const policies = policiesOf(undefined, undefined);
    expect(policies.registrationOf(CP1)).toEqual(OPEN.registrationOf(CP1));
    expect(policies.registrationOf(CP1).status).toBe('Accepted');
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
      expect.stringMatching(/^CHARGEPROOF_CENTRAL_SYSTEM_REGISTRATION: \S+ is no JSON; what was read before/),
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
