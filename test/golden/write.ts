/**
 * Writes the golden log of this version into `test/golden/v<version>`, once: a folder that is there is the
 * record of how it was written then, and is never written again. A new format gets a new folder, and so do the
 * types that a version came to have later, behind a dash.
 *
 *   node --conditions=@chargeproof/source test/golden/write.ts 1
 *   node --conditions=@chargeproof/source test/golden/write.ts 1-decisions
 *   node --conditions=@chargeproof/source test/golden/write.ts 1-claims
 *   node --conditions=@chargeproof/source test/golden/write.ts 1-limited
 *   node --conditions=@chargeproof/source test/golden/write.ts 1-policy
 *   node --conditions=@chargeproof/source test/golden/write.ts 1-rules
 */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataLayout } from '@chargeproof/config';
import { openKeyring } from '@chargeproof/keyring';
import type { AppendRequest, Topic } from '@chargeproof/log';
import { sampleRecord } from '@chargeproof/log/testing';
import { openSqliteLog } from '@chargeproof/log-sqlite';
import {
  CLAIM_TYPES,
  createSealer,
  fromHeaders,
  isOfCommand,
  isOfPolicy,
  type Sealer,
} from '@chargeproof/record';
import { OWN, OWN_RULES } from '../e2e/sealing/own.ts';
import { type Planted, PLANTED } from '../e2e/sealing/planted.ts';
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
const keys = await openKeyring(layout.keys);
const sealedBy = (sealer: Sealer, station: string, planted: readonly Planted[]): AppendRequest[] =>
  planted.map(({ frame }, sequence) => {
    const { value, sealed } = sealer.seal(Buffer.from(frame), 'text');
    return sampleRecord(station, sequence, value, sealed ? { sealed } : {});
  });
const sealed = sealedBy(createSealer(keys), 'PLANTER', PLANTED);
// Long enough that its block is compressed, and odd enough that it must come back byte by byte.
const large = sampleRecord('LARGE', 0, Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * i) % 251)));

const DAY = 86_400_000_000;
const started = 1_795_000_000_000_000;
/** Two openings on two days: two period files, and the jump of offsets between owners. */
const onDay = async (day: number, topic: Topic, records: readonly AppendRequest[]) => {
  let now = started + day * DAY;
  const log = await openSqliteLog({ folder: layout.log, clock: () => ++now });
  for (const record of records) await log.append(topic, [record]);
  if (topic === 'ocpp.frames') await log.append(topic, sealed);
  await log.close();
};
const isClaim = ({ attributes: { type } }: AppendRequest) => CLAIM_TYPES.some((claim) => claim === type);
const isLimited = ({ attributes: { type } }: AppendRequest) => type === 'ocpp.limited.v1';
const isOfCommands = ({ attributes }: AppendRequest) => isOfCommand(attributes.type);
const isPolicy = ({ attributes }: AppendRequest) => isOfPolicy(attributes.type);
if (version.endsWith('-decisions')) {
  const decisions = ofEveryType.filter(isOfCommands);
  await onDay(0, 'platform.decisions', decisions.slice(0, 2));
  await onDay(1, 'platform.decisions', decisions.slice(2));
} else if (version.endsWith('-claims')) {
  await onDay(0, 'platform.decisions', ofEveryType.filter(isClaim));
} else if (version.endsWith('-policy')) {
  await onDay(0, 'platform.decisions', ofEveryType.filter(isPolicy));
} else if (version.endsWith('-rules')) {
  // A deployment with rules of its own; what is sealed without them stands in the same log.
  await onDay(0, 'ocpp.frames', sealedBy(createSealer(keys, OWN_RULES), 'OWNER', OWN));
} else if (version.endsWith('-limited')) {
  await onDay(0, 'ocpp.frames', ofEveryType.filter(isLimited));
} else {
  const isFrames = (record: AppendRequest) =>
    !isOfCommands(record) && !isClaim(record) && !isLimited(record) && !isPolicy(record);
  await onDay(0, 'ocpp.frames', [...ofEveryType.filter(isFrames), ...sealed]);
  await onDay(1, 'ocpp.frames', [large, ...sealed]);
}

// A reader of a log in WAL mode makes files beside it, so it reads a copy.
const copy = mkdtempSync(join(tmpdir(), 'chargeproof-golden-'));
cpSync(folder, copy, { recursive: true });
const records = [...(await readEverything(copy)), ...(await readEverything(copy, 'platform.decisions'))];
const expected: readonly Described[] = records.map(described);
rmSync(copy, { recursive: true });
writeFileSync(`${folder}.json`, `${expected.map((record) => JSON.stringify(record)).join('\n')}\n`);
