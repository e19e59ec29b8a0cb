/**
 * Writes the golden log of this version into `test/golden/v<version>`, once: a folder that is there is the
 * record of how it was written then, and is never written again. A new format gets a new folder.
 *
 *   node --conditions=@chargeproof/source test/golden/write.ts 1
 */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataLayout } from '@chargeproof/config';
import { openKeyring } from '@chargeproof/keyring';
import type { AppendRequest } from '@chargeproof/log';
import { sampleRecord } from '@chargeproof/log/testing';
import { openSqliteLog } from '@chargeproof/log-sqlite';
import { createSealer, fromHeaders } from '@chargeproof/record';
import { PLANTED } from '../e2e/sealing/planted.ts';
import { described, type Described, goldenFolder } from './golden.ts';
import { readEverything } from '../e2e/gateway/recorded.ts';

const version = process.argv[2] ?? '';
const folder = goldenFolder(version);
if (existsSync(folder)) throw new Error(`${folder} is there; it is never written again`);

type GoldenRecords = { records: { key: string; headers: Record<string, string>; value: string }[] };
const ofEveryType = (
  JSON.parse(
    readFileSync(new URL('../../libs/record/golden/v1.json', import.meta.url), 'utf8'),
  ) as GoldenRecords
).records.map(({ key, headers, value }) => ({
  key,
  attributes: fromHeaders(headers),
  value: Buffer.from(value, 'base64'),
}));

const layout = dataLayout(folder);
const sealer = createSealer(await openKeyring(layout.keys));
const sealed: AppendRequest[] = PLANTED.map(({ frame }, sequence) => {
  const { value, sealed } = sealer.seal(Buffer.from(frame), 'text');
  return sampleRecord('PLANTER', sequence, value, sealed ? { sealed } : {});
});
// Long enough that its block is compressed, and odd enough that it must come back byte by byte.
const large = sampleRecord('LARGE', 0, Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * i) % 251)));

const DAY = 86_400_000_000;
const started = 1_795_000_000_000_000;
/** Two openings on two days: two period files, and the jump of offsets between owners. */
for (const [day, records] of [
  [...ofEveryType, ...sealed],
  [large, ...sealed],
].entries()) {
  let now = started + day * DAY;
  const log = await openSqliteLog({ folder: layout.log, clock: () => ++now });
  for (const record of records) await log.append('ocpp.frames', [record]);
  await log.append('ocpp.frames', sealed);
  await log.close();
}

// A reader of a log in WAL mode makes files beside it, so it reads a copy.
const copy = mkdtempSync(join(tmpdir(), 'chargeproof-golden-'));
cpSync(folder, copy, { recursive: true });
const expected: readonly Described[] = (await readEverything(copy)).map(described);
rmSync(copy, { recursive: true });
writeFileSync(`${folder}.json`, `${expected.map((record) => JSON.stringify(record)).join('\n')}\n`);
