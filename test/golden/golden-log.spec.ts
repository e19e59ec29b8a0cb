import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readKeyring } from '@chargeproof/keyring';
import { dataLayout } from '@chargeproof/config';
import { readAttributes, RECORD_TYPES, unseal } from '@chargeproof/record';
import { afterAll, describe, expect, it } from 'vitest';
import { OWN } from '../e2e/sealing/own.ts';
import { PLANTED } from '../e2e/sealing/planted.ts';
import { readEverything } from '../e2e/gateway/recorded.ts';
import { described, type Described, goldenFolder } from './golden.ts';

/** Logs like these are in the world. Where this fails, the code has left behind what it must read for ever. */
const versions = readdirSync(import.meta.dirname)
  .map((name) => /^v(\d+(?:-[a-z]+)?)$/.exec(name)?.[1])
  .filter((version) => version !== undefined);
const readAll = async (folder: string) => [
  ...(await readEverything(folder)),
  ...(await readEverything(folder, 'platform.decisions')),
];
const expectedOf = (version: string) =>
  readFileSync(`${goldenFolder(version)}.json`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Described);

/** Digest of the rules of `test/e2e/sealing/own.ts`, as it was when the log was written. */
const RULES_THEN = '2fb526ca';

/** The station that planted, and what. */
const plantedIn = (version: string) => {
  if (version.endsWith('-rules')) return ['OWNER', OWN] as const;
  return ['PLANTER', version.includes('-') ? [] : PLANTED] as const;
};

describe.each(versions)('the golden log of version %s', (version) => {
  // A reader of a log in WAL mode makes files beside it, so it reads a copy.
  const folder = mkdtempSync(join(tmpdir(), 'chargeproof-golden-'));
  cpSync(goldenFolder(version), folder, { recursive: true });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('is read record by record as it was written', async () => {
    expect((await readAll(folder)).map(described)).toEqual(expectedOf(version));
  });

  // Of what a version came to have later, behind a dash, few have something planted.
  const [station, planted] = plantedIn(version);
  if (planted.length === 0) return;
  it('is opened by its key file, to the byte', async () => {
    const keys = await readKeyring(dataLayout(folder).keys);
    const planters = (await readEverything(folder)).filter(
      ({ attributes }) => attributes.subject === station,
    );
    const frames = planters.map(({ attributes: { sealed }, value }) =>
      Buffer.from(sealed ? unseal(value, sealed, keys) : value).toString(),
    );
    expect(planters.length).toBeGreaterThanOrEqual(planted.length);
    expect(new Set(frames)).toEqual(new Set(planted.map(({ frame }) => frame)));
  });
});

it('the golden log of own rules says by which rules each frame was sealed, and of others nothing', () => {
  const sealed = expectedOf('1-rules')
    .map(({ attributes }) => readAttributes(attributes))
    .flatMap(({ subject, sealed }) => (sealed === undefined ? [] : { subject, ...sealed }));
  for (const { subject, rules } of sealed) expect(rules).toBe(subject === 'OWNER' ? RULES_THEN : undefined);
  const own = sealed.filter(({ subject }) => subject === 'OWNER');
  expect(own).toHaveLength(OWN.length);
  // With a verdict beside the rules, and without one.
  expect(new Set(own.map(({ verdict }) => verdict?.reason))).toEqual(new Set([undefined, 'truncated-json']));
});

it('the golden logs of a version hold every type of record of it', () => {
  expect(versions.length).toBeGreaterThan(0);
  const types = versions.flatMap(expectedOf).map(({ attributes }) => readAttributes(attributes).type);
  expect([...new Set(types)].sort()).toEqual([...RECORD_TYPES].sort());
});
