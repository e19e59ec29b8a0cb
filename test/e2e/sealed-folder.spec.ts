import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataLayout, variableName } from '@chargeproof/config';
import { sampleRecord } from '@chargeproof/log/testing';
import { openSqliteLog } from '@chargeproof/log-sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningCommand } from './cli/command.ts';
import { type Csms, startCsms } from './gateway/csms.ts';
import { connect, End } from './gateway/ends.ts';
import { startGatewayProcess } from './gateway/gateway-process.ts';
import { project } from './gateway/project.ts';
import { keysOf, ofStation, readEverything, wireOf } from './gateway/recorded.ts';
import { trace } from './importing/folder.ts';
import { OWN, writeRules } from './sealing/own.ts';
import { PLANTED } from './sealing/planted.ts';
import { everythingIn, isFound } from './sealing/search.ts';
import { until } from './gateway/until.ts';

const STATION = 'PLANTER';
const ALL = [...PLANTED, ...OWN];
const IN_PATH = 'PATHPLANTqZx7Kw';
const IN_HEADER = 'HEADPLANTqZx7Kw';
/** As the CSMS names the connection: by all that stands in the path. */
const AT_CSMS = `${STATION}?token=${IN_PATH}`;
const folders: string[] = [];
const newFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), 'chargeproof-sealed-'));
  folders.push(folder);
  return folder;
};
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe('a data folder that the gateway and the engine wrote', () => {
  const folder = newFolder();
  let csms: Csms;
  let sent: End;
  let contents: Buffer;

  beforeAll(async () => {
    csms = await startCsms();
    const gateway = await startGatewayProcess({
      [variableName('data', 'folder')]: folder,
      [variableName('data', 'sealingRules')]: writeRules(newFolder()),
      [variableName('gateway', 'port')]: '0',
      [variableName('gateway', 'upstream')]: csms.url,
      [variableName('runtime', 'logLevel')]: 'warn',
    });
    const authorization = `Basic ${Buffer.from(`${STATION}:${IN_HEADER}`).toString('base64')}`;
    const end = await connect(`${gateway.address}/ocpp/${STATION}?token=${IN_PATH}`, ['ocpp1.6'], {
      headers: { authorization },
    });
    if (!(end instanceof End)) throw new Error(`refused: ${end.reason}`);
    sent = end;
    for (const { frame } of ALL) sent.send(frame);
    await until(() => csms.ends.get(AT_CSMS)?.[0]?.got.length === ALL.length);
    await gateway.signal('SIGTERM');
    await csms.close();
    await project(folder, () => Promise.resolve());
    contents = await everythingIn(folder);
  });

  it.each(ALL)('holds nothing of $form', ({ secret }) => {
    expect(isFound(contents, secret)).toBe(false);
  });

  it('holds nothing of a token in the path or a password in the header', () => {
    expect(isFound(contents, IN_PATH)).toBe(false);
    expect(isFound(contents, IN_HEADER)).toBe(false);
    expect(isFound(contents, `${STATION}:${IN_HEADER}`)).toBe(false);
  });

  it('gives the exact bytes back with the key', async () => {
    const records = ofStation(await readEverything(folder), STATION);
    expect(wireOf(records, 'station-to-csms', await keysOf(folder))).toEqual(sent.sent);
  });

  it('passed on the very bytes: sealing never alters the wire', () => {
    expect(csms.ends.get(AT_CSMS)?.[0]?.got).toEqual(sent.sent);
  });
});

describe('a folder into which a recording was imported', () => {
  it('holds nothing of it either, by the same rules', async () => {
    const folder = newFolder();
    const file = join(newFolder(), 'trace.jsonl');
    const lines = ALL.map(({ frame }, at) => trace(`2026-01-01T00:00:${10 + at}Z`, frame));
    writeFileSync(file, lines.join(''));
    const rules = { [variableName('data', 'sealingRules')]: writeRules(newFolder()) };
    const done = await new RunningCommand(['import', '--json', '--data', folder, file], rules).finished;
    expect(JSON.parse(done.stdout)).toMatchObject({ frames: ALL.length });
    const contents = await everythingIn(folder);
    const found = ALL.filter(({ secret }) => isFound(contents, secret) || done.stderr.includes(secret));
    expect(found).toEqual([]);
  });

  it('is not begun under rules that cannot be used: a line names the member', async () => {
    const folder = newFolder();
    const file = join(folder, 'rules.json');
    writeFileSync(file, '{"members":["vendorPin",{"name":"x"}]}');
    const rules = { [variableName('data', 'sealingRules')]: file };
    const { code, stderr } = await new RunningCommand(['import', '--data', join(folder, 'data'), file], rules)
      .finished;
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^CHARGEPROOF_DATA_SEALING_RULES: \S+rules\.json: members\[1\]\.name is no name: .*\n$/,
    );
    expect(existsSync(join(folder, 'data'))).toBe(false);
    const gateway = startGatewayProcess({
      ...rules,
      [variableName('data', 'folder')]: join(folder, 'data'),
      [variableName('gateway', 'port')]: '0',
    });
    await expect(gateway).rejects.toThrow(/SEALING_RULES: \S+: members\[1\]\.name is no name/);
  });
});

describe('the same search with sealing off', () => {
  it('finds each, so that finding none means something', async () => {
    const folder = newFolder();
    const log = await openSqliteLog({ folder: dataLayout(folder).log });
    await log.append(
      'ocpp.frames',
      ALL.map(({ frame }, sequence) => sampleRecord(STATION, sequence, frame)),
    );
    await log.close();
    await project(folder, () => Promise.resolve());
    const contents = await everythingIn(folder);
    // A value that was written in escapes stands there in escapes.
    const visible = ALL.filter(({ frame, secret }) => frame.includes(secret));
    expect(visible.filter(({ secret }) => !isFound(contents, secret))).toEqual([]);
    expect(visible.length).toBe(ALL.length - 1);
  });
});

describe('the search itself', () => {
  it.each([0, 1, 2, 3])('finds base64 and hex behind %i other bytes', (before) => {
    const text = Buffer.concat([Buffer.alloc(before, 'x'), Buffer.from(IN_PATH), Buffer.from('tail')]);
    expect(isFound(Buffer.from(text.toString('base64')), IN_PATH)).toBe(true);
    expect(isFound(Buffer.from(text.toString('hex')), IN_PATH)).toBe(true);
  });
});
