import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataLayout, variableName } from '@chargeproof/config';
import { sampleRecord } from '@chargeproof/log/testing';
import { openSqliteLog } from '@chargeproof/log-sqlite';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Csms, startCsms } from './gateway/csms.ts';
import { connect, End } from './gateway/ends.ts';
import { startGatewayProcess } from './gateway/gateway-process.ts';
import { project } from './gateway/project.ts';
import { keysOf, ofStation, readEverything, wireOf } from './gateway/recorded.ts';
import { PLANTED } from './sealing/planted.ts';
import { everythingIn, isFound } from './sealing/search.ts';

const STATION = 'PLANTER';
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
    for (const { frame } of PLANTED) sent.send(frame);
    await vi.waitUntil(() => csms.ends.get(AT_CSMS)?.[0]?.got.length === PLANTED.length, 20_000);
    await gateway.signal('SIGTERM');
    await csms.close();
    await project(folder, () => Promise.resolve());
    contents = await everythingIn(folder);
  });

  it.each(PLANTED)('holds nothing of $form', ({ secret }) => {
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

describe('the same search with sealing off', () => {
  it('finds each, so that finding none means something', async () => {
    const folder = newFolder();
    const log = await openSqliteLog({ folder: dataLayout(folder).log });
    await log.append(
      'ocpp.frames',
      PLANTED.map(({ frame }, sequence) => sampleRecord(STATION, sequence, frame)),
    );
    await log.close();
    await project(folder, () => Promise.resolve());
    const contents = await everythingIn(folder);
    // A value that was written in escapes stands there in escapes.
    const visible = PLANTED.filter(({ frame, secret }) => frame.includes(secret));
    expect(visible.filter(({ secret }) => !isFound(contents, secret))).toEqual([]);
    expect(visible.length).toBe(PLANTED.length - 1);
  });
});

describe('the search itself', () => {
  it.each([0, 1, 2, 3])('finds base64 and hex behind %i other bytes', (before) => {
    const text = Buffer.concat([Buffer.alloc(before, 'x'), Buffer.from(IN_PATH), Buffer.from('tail')]);
    expect(isFound(Buffer.from(text.toString('base64')), IN_PATH)).toBe(true);
    expect(isFound(Buffer.from(text.toString('hex')), IN_PATH)).toBe(true);
  });
});
