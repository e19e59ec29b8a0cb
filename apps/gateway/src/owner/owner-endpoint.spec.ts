import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryLog, LogFull, type MemoryLog } from '@chargeproof/log';
import { type ChargeRecord, commandRecord, recordKey } from '@chargeproof/record';
import { writeRecord } from '@chargeproof/recordings';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type OwnerEndpoint, startOwnerEndpoint } from './owner-endpoint.ts';

const record = (sequence: number): ChargeRecord => ({
  key: recordKey({ tenant: 'default', station: 'CP-1' }),
  attributes: {
    id: `connection/${sequence}`,
    source: 'run',
    type: 'ocpp.frame.v1',
    tenant: 'default',
    subject: 'CP-1',
    time: 0,
    witness: 'import',
  },
  value: Buffer.from(`[3,"${sequence}",{}]`),
});

let folder: string;
let log: MemoryLog;
let endpoint: OwnerEndpoint;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'owner-endpoint-'));
  log = createMemoryLog();
  endpoint = await startOwnerEndpoint({ folder, log });
});
afterEach(async () => {
  await endpoint.stop();
  rmSync(folder, { recursive: true });
});

const owner = () =>
  JSON.parse(readFileSync(join(folder, 'ingest.json'), 'utf8')) as { address: string; token: string };
const post = async (body: string, token = owner().token, path = '/records') => {
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${owner().address}${path}`, { method: 'POST', headers, body });
  return { status: response.status, body: (await response.json()) as object };
};
const logged = () => log.read({ topic: 'ocpp.frames', from: new Map(), maxRecords: 100, maxBytes: 1e6 });

describe('the owner of a log', () => {
  it('appends what whoever may read its folder brings', async () => {
    expect(await post([1, 2].map((sequence) => writeRecord(record(sequence))).join(''))).toEqual({
      status: 200,
      body: { appended: 2 },
    });
    expect(
      (await logged()).map(({ attributes, value }) => [attributes.id, Buffer.from(value).toString()]),
    ).toEqual([
      ['connection/1', '[3,"1",{}]'],
      ['connection/2', '[3,"2",{}]'],
    ]);
  });

  it('appends nothing of a request with a line that is no record', async () => {
    expect(await post(`${writeRecord(record(1))}{}\n`)).toMatchObject({
      status: 400,
      body: { error: expect.stringMatching(/^line 2 is no record of ours/) as string },
    });
    expect(await logged()).toEqual([]);
  });

  it('takes what was decided in a place of its own, so that no import is ever carried out', async () => {
    const type = 'platform.command-requested.v1';
    const subject = { tenant: 'default', station: 'CP-1' };
    const decision = writeRecord({
      ...commandRecord(type, { subject, command: 'a', source: 'api', time: 0 }),
      value: Buffer.from('{}'),
    });
    const refused = {
      status: 400,
      body: { error: expect.stringContaining('line 1 is no record of') as string },
    };
    expect(await post(decision)).toMatchObject(refused);
    expect(await post(writeRecord(record(1)), owner().token, '/decisions')).toMatchObject(refused);
    expect(await post(decision, owner().token, '/decisions')).toMatchObject({ status: 200 });
    expect(await logged()).toEqual([]);
    expect((await log.end('platform.decisions')).get(0)).toBe(1);
  });

  it('does nothing for whoever cannot read its folder, and tells nothing', async () => {
    for (const token of ['', 'x'.repeat(owner().token.length)]) {
      expect(await post(writeRecord(record(1)), token)).toMatchObject({ status: 401 });
      const headers = { authorization: `Bearer ${token}` };
      expect((await fetch(`${owner().address}/healthz`, { headers })).status).toBe(401);
    }
    expect(await logged()).toEqual([]);
  });

  it('says that the log is full', async () => {
    log.append = () => Promise.reject(new LogFull('the log is full'));
    expect(await post(writeRecord(record(1)))).toEqual({ status: 507, body: { error: 'the log is full' } });
  });

  it('knows no other question', async () => {
    expect(await post('', owner().token, '/elsewhere')).toMatchObject({ status: 404 });
  });

  it('is not kept from stopping by a request that does not end', async () => {
    const { address, token } = owner();
    const socket = connect(Number(new URL(address).port), '127.0.0.1');
    const closed = once(socket, 'close');
    socket.write(
      `POST /records HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\ncontent-length: 999\r\n\r\n{`,
    );
    await once(socket, 'ready');
    await endpoint.stop();
    await closed;
    expect(await logged()).toEqual([]);
  });

  it('leaves no file behind', async () => {
    await endpoint.stop();
    expect(existsSync(join(folder, 'ingest.json'))).toBe(false);
  });
});
