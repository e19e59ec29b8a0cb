import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCredentials, verifyCredential } from '@chargeproof/keyring';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StationKeys } from '../deciding/station-keys.ts';
import { SILENT } from '../errors/log.ts';
import { type ApiUnderTest, startApi } from '../testing/api-under-test.ts';

const ADD = `mutation ($input: AddStationCredentialInput!) { addStationCredential(input: $input) {
  credential { tenant station profile } replaced key
} }`;
const REMOVE = 'mutation ($input: RemoveStationCredentialInput!) { removeStationCredential(input: $input) }';
const LIST = '{ stationCredentials { tenant station profile } }';
type Added = {
  readonly addStationCredential: {
    readonly credential: object;
    readonly replaced: boolean;
    readonly key: string | null;
  };
};

const folder = mkdtempSync(join(tmpdir(), 'chargeproof-api-credentials-'));
const file = join(folder, 'stations');
const told: unknown[] = [];
let api: ApiUnderTest;
beforeAll(async () => {
  const log = { ...SILENT, info: (...line: unknown[]) => told.push(line) };
  api = await startApi({ credentials: file, log });
});
afterAll(async () => {
  await api.close();
  rmSync(folder, { recursive: true, force: true });
});

const add = async (input: object, headers?: Record<string, string>) =>
  api.ask<Added>(ADD, { input: { actor: 'ops', ...input } }, headers);

describe('credentials of stations', () => {
  it('are made, shown once, replaced and taken away, and who did it is told without the key', async () => {
    const made = (await add({ station: 'CP/1' })).data?.addStationCredential;
    expect(made).toEqual({
      credential: { tenant: 'default', station: 'CP/1', profile: null },
      replaced: false,
      key: expect.stringMatching(/^[0-9a-f]{40}$/) as string,
    });
    const key = made?.key ?? '';
    const stored = (await readCredentials(file)).get('default/CP%2F1');
    expect(
      stored !== undefined && 'hash' in stored && (await verifyCredential(Buffer.from(key), stored.hash)),
    ).toBe(true);
    const given = 'AA'.repeat(16);
    expect((await add({ station: 'CP/1', profile: 2, key: given })).data?.addStationCredential).toMatchObject(
      {
        replaced: true,
        key: null,
      },
    );
    expect(
      (await add({ station: 'CP-3', tenant: 'acme', profile: 3 })).data?.addStationCredential.key,
    ).toBeNull();
    expect((await api.ask(LIST)).data).toEqual({
      stationCredentials: [
        { tenant: 'default', station: 'CP/1', profile: 2 },
        { tenant: 'acme', station: 'CP-3', profile: 3 },
      ],
    });
    const remove = { input: { station: 'CP/1', actor: 'ops' } };
    expect((await api.ask(REMOVE, remove)).data).toEqual({ removeStationCredential: true });
    expect((await api.ask(REMOVE, remove)).data).toEqual({ removeStationCredential: false });
    expect(readFileSync(file, 'utf8')).toBe('acme/CP-3:3\n');
    expect(told).toEqual([
      [{ actor: 'ops', station: 'CP%2F1' }, 'lets a station in by a key'],
      [{ actor: 'ops', station: 'CP%2F1' }, 'gives a station another key'],
      [{ actor: 'ops', station: 'acme/CP-3' }, 'lets a station in by its certificate'],
      [{ actor: 'ops', station: 'CP%2F1' }, 'lets a station in no more'],
    ]);
  });

  it.each([
    [{ station: '' }, 'input.station'],
    [{ station: '..' }, 'input.station'],
    [{ station: 'a\nb' }, 'input.station'],
    [{ station: 'CP', actor: ' ' }, 'input.actor'],
    [{ station: 'CP', profile: 0 }, 'input.profile'],
    [{ station: 'CP', key: 'hunter2' }, 'input.key'],
    [{ station: 'CP', profile: 3, key: 'AA'.repeat(16) }, 'input.key'],
  ])('%o are refused, naming %s', async (input, argument) => {
    const { errors = [] } = await add(input);
    expect(errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument });
    expect(JSON.stringify(errors)).not.toContain('hunter2');
  });

  it('are changed by no web page of another site', async () => {
    const { errors = [] } = await add({ station: 'CP-9' }, { Origin: 'https://evil.example' });
    expect(errors[0]?.extensions.code).toBe('FORBIDDEN');
    expect(readFileSync(file, 'utf8')).not.toContain('CP-9');
  });

  it('need a file, and say which setting names it', async () => {
    const asked = new StationKeys(undefined, SILENT).list();
    await expect(asked).rejects.toMatchObject({
      message: expect.stringContaining('set CHARGEPROOF_GATEWAY_CREDENTIALS to') as string,
      extensions: { code: 'UNAVAILABLE' },
    });
  });
});
