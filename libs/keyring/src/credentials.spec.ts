import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listCredentials, putCredential, readCredentials, removeCredential } from './credential-file.ts';
import { hashCredential, isCredentialHash, verifyCredential } from './credential-hash.ts';

const KEY = Buffer.from('00ff0a3a'.repeat(5), 'hex');
const PLAIN = { tenant: 'default', station: 'CP-1' };
const ODD = { tenant: 'acme', station: 'CP/1: ü' };

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chargeproof-credentials-'));
  file = join(folder, 'deep', 'stations');
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('a credential', () => {
  it('is the same key as bytes and as hex digits of either case, and no other', async () => {
    const hash = await hashCredential(KEY, true);
    const hex = KEY.toString('hex');
    for (const right of [KEY, Buffer.from(hex), Buffer.from(hex.toUpperCase())]) {
      expect(await verifyCredential(right, hash)).toBe(true);
    }
    for (const wrong of [
      KEY.subarray(1),
      Buffer.from(hex.slice(2)),
      Buffer.from(`${hex}\n`),
      Buffer.alloc(0),
    ]) {
      expect(await verifyCredential(wrong, hash)).toBe(false);
    }
  });

  it('that is a password is taken as it is, and hashed with a salt of its own', async () => {
    const [one, two] = await Promise.all([
      hashCredential(Buffer.from('pässword'), false),
      hashCredential(Buffer.from('pässword'), false),
    ]);
    expect(one).not.toBe(two);
    expect(await verifyCredential(Buffer.from('pässword'), one)).toBe(true);
    expect(await verifyCredential(Buffer.from('password'), one)).toBe(false);
  });

  it.each([
    'scrypt$16777216$8$1$YQ==$',
    'scrypt$1000$8$1$YQ==$',
    'scrypt$1024$0$1$YQ==$',
    'argon2$1024$8$1$YQ==$',
  ])('of a form or a cost that is none of ours is no hash: %s', (beginning) => {
    const hash = Buffer.alloc(32).toString('base64');
    expect(isCredentialHash(`scrypt$1024$8$1$YQ==$${hash}`)).toBe(true);
    expect(isCredentialHash(`${beginning}${hash}`)).toBe(false);
  });
});

describe('the credentials file', () => {
  it("keeps a line a station and its owner's remarks, and is its owner's alone", async () => {
    const [first, second] = await Promise.all([hashCredential(KEY, true), hashCredential(KEY, true)]);
    expect(await listCredentials(file)).toEqual([]);
    expect(await putCredential(file, PLAIN, { hash: first })).toBe(false);
    writeFileSync(file, `# depot north\n\n${readFileSync(file, 'utf8')}`);
    chmodSync(file, 0o644);
    expect(await putCredential(file, ODD, { hash: first, profile: 2 })).toBe(false);
    expect(await putCredential(file, PLAIN, { hash: second })).toBe(true);
    expect(readFileSync(file, 'utf8')).toBe(
      `# depot north\n\nacme/CP%2F1%3A%20%C3%BC:2:${first}\nCP-1:${second}\n`,
    );
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await listCredentials(file)).toEqual([{ station: ODD, profile: 2 }, { station: PLAIN }]);
    expect((await readCredentials(file)).get('default/CP-1')).toEqual({ hash: second });
    expect(await removeCredential(file, ODD)).toBe(true);
    expect(await removeCredential(file, ODD)).toBe(false);
    expect(await listCredentials(file)).toEqual([{ station: PLAIN }]);
    expect(readdirSync(join(folder, 'deep'))).toEqual(['stations']);
  });

  it('says which station is asked more than others, and which is known by its certificate', async () => {
    const hash = await hashCredential(KEY, true);
    await putCredential(file, PLAIN, { hash, profile: 2 });
    await putCredential(file, ODD, { profile: 3 });
    expect([...(await readCredentials(file)).values()]).toEqual([{ hash, profile: 2 }, { profile: 3 }]);
    expect(readFileSync(file, 'utf8')).toMatch(/^CP-1:2:scrypt\$.*\nacme\/CP\S+:3\n$/);
  });

  it.each([
    ['CP-1:4', /stations, line 2: what follows the station is no hash of ours$/],
    ['CP-1:2', /stations, line 2: what follows the station is no hash of ours$/],
    ['CP-1:hunter2', /stations, line 2: what follows the station is no hash of ours$/],
    ['hunter2', /stations, line 2: no \[tenant\/\]station before a colon$/],
  ])('with the line %s says which, and not what it says', async (line, message) => {
    file = join(folder, 'stations');
    writeFileSync(file, `# remark\n${line}\n`);
    await expect(readCredentials(file)).rejects.toThrow(message);
    await expect(putCredential(file, PLAIN, { hash: await hashCredential(KEY, true) })).rejects.toThrow(
      message,
    );
    expect(readFileSync(file, 'utf8')).toBe(`# remark\n${line}\n`);
  });

  it('that is not there is said in one line', async () => {
    await expect(readCredentials(file)).rejects.toThrow(/stations cannot be read \(ENOENT\)$/);
  });

  it('loses no line of many that are added at once, and leaves nothing beside it', async () => {
    const hash = await hashCredential(KEY, true);
    const stations = Array.from({ length: 20 }, (_, number) => ({ ...PLAIN, station: `CP-${number}` }));
    await Promise.all(stations.map((station) => putCredential(file, station, { hash })));
    expect((await readCredentials(file)).size).toBe(20);
    expect(readdirSync(dirname(file))).toEqual(['stations']);
  });

  it('that cannot be written says so in a line', async () => {
    const put = putCredential('/dev/null/stations', PLAIN, { profile: 3 });
    await expect(put).rejects.toThrow(/^\/dev\/null\/stations cannot be written \(E[A-Z]+\)$/);
  });
});
