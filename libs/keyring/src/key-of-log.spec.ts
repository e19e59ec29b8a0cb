import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryLog } from '@chargeproof/log';
import { runId } from '@chargeproof/record';
import { afterAll, describe, expect, it } from 'vitest';
import { agreeOnKey, checkKey } from './key-of-log.ts';
import { openKeyring } from './keyring.ts';

const root = mkdtempSync(join(tmpdir(), 'chargeproof-key-of-log-'));
afterAll(() => {
  rmSync(root, { recursive: true });
});
const keysIn = async (name: string) => {
  const folder = join(root, name);
  return { folder, keys: await openKeyring(folder) };
};
const by = (started: number) => ({ run: runId(started, 'aaaaaa'), time: started });

describe('the key file of a log that gateways share', () => {
  it('is the first that is named there, and no other is taken', async () => {
    const log = createMemoryLog();
    const [first, other] = [await keysIn('first'), await keysIn('other')];
    await checkKey(log, other);
    await agreeOnKey(log, first, by(1));
    await agreeOnKey(log, first, by(2));
    for (const refused of [agreeOnKey(log, other, by(3)), checkKey(log, other)])
      await expect(refused).rejects.toThrow(
        /^key file \S+\/other\/keys.json is another one \(\w{8}\) than the one this log is sealed with \(\w{8}\): put there the keys.json of whoever wrote run \S+aaaaaa, or of another/,
      );
    expect(await log.end('platform.decisions')).toEqual(new Map([[0, 1]]));
  });

  it('is one, where two are named at once', async () => {
    const log = createMemoryLog();
    const both = await Promise.all(['one', 'two'].map(keysIn));
    const agreed = await Promise.allSettled(both.map((keys, index) => agreeOnKey(log, keys, by(index))));
    expect(agreed.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  it('may have another current key, with the same stand-ins and the old key beside it', async () => {
    const log = createMemoryLog();
    const { folder, keys } = await keysIn('rotated');
    await agreeOnKey(log, { folder, keys }, by(1));
    const fresh = (await keysIn('fresh')).keys;
    const rotated = { ...fresh, keys: new Map([...keys.keys, ...fresh.keys]), standIns: keys.standIns };
    await checkKey(log, { folder, keys: rotated });
    await expect(checkKey(log, { folder, keys: { ...rotated, keys: fresh.keys } })).rejects.toThrow(
      /another one/,
    );
  });
});
