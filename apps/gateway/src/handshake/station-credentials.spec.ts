import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashCredential, putCredential, removeCredential } from '@chargeproof/keyring';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { RecorderUnderTest } from '../testing/recorder-under-test.ts';
import { connect, End } from '../testing/wire.ts';
import { Doorkeeper } from './doorkeeper.ts';
import { StationCredentials } from './station-credentials.ts';

const folder = mkdtempSync(join(tmpdir(), 'chargeproof-station-credentials-'));
const file = join(folder, 'stations');
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
const STATION = { tenant: 'default', station: 'CP/1' };
const PATH = '/ocpp/CP%2F1';
/** Not UTF-8, and a colon in it. */
const KEY = Buffer.from('00ff3a0d'.repeat(5), 'hex');

beforeEach(async () => {
  await putCredential(file, STATION, { hash: await hashCredential(KEY, true) });
});

const basic = (user: string, password: Uint8Array | string) =>
  `Basic ${Buffer.concat([Buffer.from(`${user}:`), Buffer.from(password)]).toString('base64')}`;

const asking = (authorization: string) =>
  ({ headers: { authorization }, socket: new Socket() }) as IncomingMessage;

describe('with a credentials file a station', () => {
  it.each([
    ['the bytes of its key', basic('CP/1', KEY), 'open'],
    ['the hex digits of its key', basic('CP/1', KEY.toString('hex')), 'open'],
    ['its identity as in the URL', basic('CP%2F1', KEY.toString('hex').toUpperCase()), 'open'],
    ['a small letter in the scheme', basic('CP/1', KEY).replace('Basic', 'basic'), 'open'],
    ['nothing', undefined, 'credential-missing'],
    ['another scheme', `Bearer ${KEY.toString('hex')}`, 'credential-missing'],
    ['no colon', `Basic ${Buffer.from('CP').toString('base64')}`, 'credential-missing'],
    ['another key', basic('CP/1', KEY.toString('hex').replace('0', '1')), 'credential-wrong'],
    ['no password', basic('CP/1', ''), 'credential-wrong'],
    ["another station's name", basic('CP-2', KEY), 'credential-wrong'],
  ])('that sends %s', async (_, Authorization, outcome) => {
    await using recorder = await RecorderUnderTest.start({ credentials: file, upstream: undefined });
    const headers = Authorization === undefined ? {} : { Authorization };
    // Twice: what was right once is known again.
    for (let time = 0; time < 2; time++) {
      const end = await connect(recorder.url(PATH), ['ocpp1.6'], { headers });
      if (end instanceof End) {
        expect('open').toBe(outcome);
        continue;
      }
      expect(end).toMatchObject({ status: 401, body: outcome });
      expect(end.headers['www-authenticate']).toBe('Basic realm="chargeproof"');
    }
    if (outcome === 'open') return;
    const refusals = await recorder.payloads('ocpp.handshake-refused.v1');
    expect(refusals).toMatchObject([{ status: 401, reason: outcome }, { reason: outcome }]);
    expect(JSON.stringify(refusals)).not.toContain(KEY.toString('hex').slice(2));
    const [record] = await recorder.ofType('ocpp.handshake-refused.v1');
    expect(record?.attributes.subject).toBe('CP/1');
  });

  it('that is not in it is unknown, whatever it sends, and a flood of such is counted', async () => {
    await using recorder = await RecorderUnderTest.start({ credentials: file });
    for (const name of ['CP-2', 'CP-3', 'CP-4']) {
      const headers = { Authorization: basic(name, KEY) };
      const refused = await connect(recorder.url(`/ocpp/${name}`), ['ocpp1.6'], { headers });
      expect(refused).toMatchObject({ status: 404, body: 'unknown-station' });
    }
    await recorder.gateway.tick();
    expect(await recorder.payloads('ocpp.handshake-refused.v1')).toMatchObject([
      {
        reason: 'unknown-station',
        rawPath: '/ocpp/CP-2',
        credential: { userName: 'CP-2', form: 'binary', bytes: 20 },
      },
      { reason: 'unknown-station', rawPath: '/ocpp/CP-4', count: 2 },
    ]);
    expect(recorder.upstream.requests).toEqual([]);
  });

  it('may have a colon in its identity, which then is not where its key begins', async () => {
    const station = 'CP:1';
    await putCredential(file, { tenant: 'default', station }, { hash: await hashCredential(KEY, true) });
    const doorkeeper = new Doorkeeper(1, await StationCredentials.open(file, () => undefined));
    const path = { subject: { tenant: 'default', station }, segment: station, query: '' };
    expect(await doorkeeper.check(path, asking(basic(station, KEY)))).toBeUndefined();
    expect(await doorkeeper.check(path, asking(basic('CP', KEY)))).toMatchObject({
      refusal: { reason: 'credential-wrong' },
    });
  });

  it('is relayed with what it sent, once it is checked', async () => {
    await using recorder = await RecorderUnderTest.start({ credentials: file });
    const headers = { Authorization: basic('CP/1', KEY) };
    expect(await connect(recorder.url(PATH), ['ocpp1.6'], { headers })).toBeInstanceOf(End);
    expect(recorder.upstream.requests[0]?.headers.authorization).toBe(headers.Authorization);
  });

  it('is known, or unknown, from the moment that the file says so; a damaged one changes nothing', async () => {
    const troubles: string[] = [];
    const onUnusable = (error: Error) => troubles.push(error.message);
    const doorkeeper = new Doorkeeper(1, await StationCredentials.open(file, onUnusable));
    const path = { subject: STATION, segment: 'CP%2F1', query: '' };
    const outcome = async (password: Uint8Array) =>
      (await doorkeeper.check(path, asking(basic('CP/1', password))))?.refusal.reason ?? 'right';
    expect(await outcome(KEY)).toBe('right');
    const other = Buffer.alloc(20, 7);
    await putCredential(file, STATION, { hash: await hashCredential(other, true) });
    expect([await outcome(KEY), await outcome(other)]).toEqual(['credential-wrong', 'right']);
    await removeCredential(file, STATION);
    expect(await outcome(other)).toBe('unknown-station');
    await putCredential(file, STATION, { hash: await hashCredential(other, true) });
    expect(await outcome(other)).toBe('right');
    writeFileSync(file, 'CP-1:in clear\n');
    expect([await outcome(other), await outcome(KEY)]).toEqual(['right', 'credential-wrong']);
    expect(troubles).toEqual([expect.stringMatching(/line 1: what follows the station is no hash of ours$/)]);
    rmSync(file);
    expect(await outcome(other)).toBe('right');
  });

  it('cannot be guessed at in a flood: a few at once are checked, and the rest is told to come back', async () => {
    await using recorder = await RecorderUnderTest.start({ credentials: file });
    const headers = { Authorization: basic('CP/1', 'wrong') };
    const refused = await Promise.all(
      Array.from({ length: 40 }, () => connect(recorder.url(PATH), ['ocpp1.6'], { headers })),
    );
    const words = new Set(refused.map((end) => (end instanceof End ? 'open' : `${end.status} ${end.body}`)));
    expect(words).toEqual(new Set(['401 credential-wrong', '503 busy']));
    const right = { Authorization: basic('CP/1', KEY) };
    expect(await connect(recorder.url(PATH), ['ocpp1.6'], { headers: right })).toBeInstanceOf(End);
  });

  it('cannot come where there is no file, and start-up says in one line how to make it', async () => {
    const start = RecorderUnderTest.start({ credentials: join(folder, 'none') });
    await expect(start).rejects.toThrow(
      /^CHARGEPROOF_GATEWAY_CREDENTIALS: [^\n]*none cannot be read \(ENOENT\); npx chargeproof credentials add[^\n]*$/,
    );
  });
});
