import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataLayout, variableName } from '@chargeproof/config';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { until } from './gateway/until.ts';
import { type Csms, startCsms } from './gateway/csms.ts';
import { connect, End } from './gateway/ends.ts';
import { type GatewayProcess, type ProcessLimits, startGatewayProcess } from './gateway/gateway-process.ts';
import { byConnection, keysOf, ofStation, payloadsOf, readEverything, wireOf } from './gateway/recorded.ts';

const MiB = 1024 * 1024;
let csms: Csms;
let data: string;
const started: GatewayProcess[] = [];

beforeAll(async () => {
  csms = await startCsms();
});
afterAll(() => csms.close());
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'chargeproof-run-'));
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((gateway) => gateway.signal('SIGKILL')));
  rmSync(data, { recursive: true, force: true });
});

async function start(
  settings: Readonly<Record<string, string>> = {},
  limits: ProcessLimits = {},
): Promise<GatewayProcess> {
  const all = {
    [variableName('data', 'folder')]: data,
    [variableName('gateway', 'port')]: '0',
    [variableName('gateway', 'upstream')]: csms.url,
    [variableName('runtime', 'logLevel')]: 'warn',
    ...settings,
  };
  const gateway = await startGatewayProcess(all, limits);
  started.push(gateway);
  return gateway;
}

async function station(gateway: GatewayProcess, name: string): Promise<{ station: End; csms: End }> {
  const end = await connect(`${gateway.address}/ocpp/${name}`, ['ocpp1.6']);
  if (!(end instanceof End)) throw new Error(`${name} was refused with ${end.status} ${end.reason}`);
  return { station: end, csms: csms.ends.get(name)!.at(-1)! };
}

/** Frames with something to seal, something that only looks like it, and sizes up to the limit. */
const frames = fc.sample(
  fc.oneof(
    fc
      .string({ unit: 'binary', maxLength: 60 })
      .map((tag) => `[2,"1","Authorize",${JSON.stringify({ idTag: tag })}]`),
    fc
      .string({ maxLength: 20 })
      .map(
        (key) => `[2,"2","ChangeConfiguration",{"key":"AuthorizationKey","value":${JSON.stringify(key)}}]`,
      ),
    fc.string({ maxLength: 20 }).map((key) => `[2,"3","X",{"idTag":"${key}`),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc.constantFrom('[3,"1",{"idTagInfo":{"status":"Accepted","parentIdTag":"PARENT"}}]', '', '[]', '\u0000'),
  ),
  { numRuns: 400, seed: 20_260_101 },
);
const TAGGED = '{"idTag":"LARGE"} ';
/** One full of tags, and a tag in every KiB of those up to the limit. */
const LARGE = [
  Buffer.alloc(64 * 1024, TAGGED),
  ...[1 * MiB, 4 * MiB - 1, 4 * MiB].map((bytes) => Buffer.alloc(bytes, TAGGED.padEnd(1024))),
];

describe('a run of the gateway', () => {
  it('gives back of every frame what one side sent and the other received', async () => {
    const gateway = await start();
    const pairs = await Promise.all(['A', 'B'].map((name) => station(gateway, `FIDELITY-${name}`)));
    for (const [index, frame] of [...frames, ...LARGE].entries()) {
      for (const pair of pairs) {
        pair.station.send(frame, index % 5 === 0);
        pair.csms.send(frame, index % 7 === 0);
      }
    }
    await until(() =>
      pairs.every(
        (pair) =>
          pair.csms.got.length === pair.station.sent.length &&
          pair.station.got.length === pair.csms.sent.length,
      ),
    );
    expect(await gateway.signal('SIGTERM')).toBe(0);
    const records = await readEverything(data);
    const keys = await keysOf(data);
    for (const [index, pair] of pairs.entries()) {
      const own = ofStation(records, `FIDELITY-${'AB'.charAt(index)}`);
      expect(pair.csms.got).toEqual(pair.station.sent);
      expect(pair.station.got).toEqual(pair.csms.sent);
      expect(wireOf(own, 'station-to-csms', keys)).toEqual(pair.station.sent);
      expect(wireOf(own, 'csms-to-station', keys)).toEqual(pair.csms.sent);
    }
    expect(records.filter(({ attributes }) => attributes.sealed !== undefined).length).toBeGreaterThan(100);
    for (const connection of byConnection(records)) {
      expect(connection.map(({ attributes }) => attributes.sequence)).toEqual(
        connection.map((_, index) => index),
      );
    }
  });

  it('leaves no tag and no key in clear in its folder', async () => {
    const gateway = await start();
    const secrets = ['DEADBEEFTAG', '0123456789abcdef0123456789abcdef01234567', 'hunter2path'];
    const end = await connect(`${gateway.address}/ocpp/SECRETS?password=${secrets[2]!}`, ['ocpp1.6'], {
      headers: { Authorization: `Basic ${Buffer.from(`SECRETS:${secrets[1]!}`).toString('base64')}` },
    });
    if (!(end instanceof End)) throw new Error('refused');
    end.send(`[2,"1","Authorize",{"idTag":"${secrets[0]!}"}]`);
    await until(() => end.got.length === 1);
    await gateway.signal('SIGTERM');
    const { log } = dataLayout(data);
    const bytes = readdirSync(log)
      .map((file) => readFileSync(join(log, file), 'latin1'))
      .join();
    for (const secret of secrets) {
      for (const encoding of ['latin1', 'base64', 'hex'] as const) {
        expect(bytes).not.toContain(Buffer.from(secret).toString(encoding).slice(0, 12));
      }
    }
    const values = (await readEverything(data)).map(({ value }) => Buffer.from(value).toString()).join();
    for (const secret of secrets) expect(values).not.toContain(secret);
  });

  it('that is killed has recorded every frame that anybody received, and the next one says so', async () => {
    const gateway = await start();
    const pairs = await Promise.all(['A', 'B', 'C', 'D'].map((name) => station(gateway, `KILLED-${name}`)));
    let number = 0;
    const talking = setInterval(() => {
      for (const pair of pairs) pair.station.send(`[2,"k-${number++}","Heartbeat",{}]`);
    }, 1);
    await until(() => pairs.every((pair) => pair.station.got.length > 50));
    await gateway.signal('SIGKILL');
    clearInterval(talking);
    await Promise.all(pairs.flatMap((pair) => [pair.station.closed, pair.csms.closed]));
    const records = await readEverything(data);
    const keys = await keysOf(data);
    for (const [index, pair] of pairs.entries()) {
      const own = ofStation(records, `KILLED-${'ABCD'.charAt(index)}`);
      const upwards = wireOf(own, 'station-to-csms', keys);
      const downwards = wireOf(own, 'csms-to-station', keys);
      expect(pair.csms.got).toEqual(upwards.slice(0, pair.csms.got.length));
      expect(pair.station.got).toEqual(downwards.slice(0, pair.station.got.length));
    }
    const next = await start();
    const [partition] = payloadsOf(await readEverything(data), 'recorder.run-started.v1').filter(
      ({ run }) => run === next.run,
    );
    expect(partition?.previous).toEqual({ run: gateway.run, endedCleanly: false });
  });

  it('ends on SIGTERM with 1001 to all, its last word in every partition and exit code 0', async () => {
    const gateway = await start();
    const pair = await station(gateway, 'STOPPED');
    expect(await gateway.signal('SIGTERM')).toBe(0);
    expect([(await pair.station.closed).code, (await pair.csms.closed).code]).toEqual([1001, 1001]);
    const records = await readEverything(data);
    const lasts = new Map(records.map((record) => [record.position.partition, record]));
    expect([...lasts.values()].map(({ attributes }) => attributes.type)).toEqual(
      new Array<string>(24).fill('recorder.run-stopped.v1'),
    );
    const next = await start();
    const [first] = payloadsOf(await readEverything(data), 'recorder.run-started.v1').filter(
      ({ run }) => run === next.run,
    );
    expect(first?.previous).toEqual({ run: gateway.run, endedCleanly: true });
  });
});

describe('a run that ends otherwise', () => {
  it('relays nothing that it could not record, and exits with 1 when the disk takes no more', async () => {
    const gateway = await start({}, { fileBlocks: 4000 });
    const pair = await station(gateway, 'NO-SPACE');
    const talking = setInterval(() => {
      if (pair.station.socket.readyState !== pair.station.socket.OPEN) return;
      pair.station.send(
        `[2,"1","DataTransfer",{"vendorId":"V","data":"${randomBytes(20_000).toString('base64')}"}]`,
      );
    }, 2);
    expect(await pair.station.closed).toMatchObject({ code: 1013 });
    clearInterval(talking);
    expect(await gateway.ended).toBe(1);
    expect(gateway.said().trim().split('\n')).toHaveLength(1);
    await pair.csms.closed;
    const own = ofStation(await readEverything(data), 'NO-SPACE');
    const upwards = wireOf(own, 'station-to-csms', await keysOf(data));
    expect(pair.csms.got.length).toBeGreaterThan(0);
    expect(pair.csms.got).toEqual(upwards.slice(0, pair.csms.got.length));
    expect(upwards).toEqual(pair.station.sent.slice(0, upwards.length));
  });

  it('ends in order when its supervisor is gone', async () => {
    const gateway = await start();
    expect(await gateway.disconnect()).toBe(0);
    expect(payloadsOf(await readEverything(data), 'recorder.run-stopped.v1')).toHaveLength(24);
  });
});

describe('a start that cannot be', () => {
  const lastLine = (error: unknown) => (error as Error).message.split('\n').filter(Boolean);

  it.each([
    [
      'with credentials that are not there',
      () => ({ [variableName('gateway', 'credentials')]: '/nowhere/stations' }),
      /CHARGEPROOF_GATEWAY_CREDENTIALS: \/nowhere\/stations cannot be read/,
    ],
    [
      'on an address that others reach',
      () => ({ [variableName('gateway', 'host')]: '0.0.0.0' }),
      /CHARGEPROOF_GATEWAY_CREDENTIALS to a file of them .*, or CHARGEPROOF_GATEWAY_OPEN=true/,
    ],
    [
      'on a port in use',
      () => ({ [variableName('gateway', 'port')]: new URL(csms.url).port }),
      /is in use: set CHARGEPROOF_GATEWAY_PORT/,
    ],
    [
      "on another machine's address",
      () => ({
        [variableName('gateway', 'host')]: '192.0.2.1',
        [variableName('gateway', 'open')]: 'true',
      }),
      /192\.0\.2\.1 is no address of this machine: set CHARGEPROOF_GATEWAY_HOST/,
    ],
  ])('%s ends with one line that names the setting', async (_, settings, words) => {
    const said = lastLine(await start(settings()).catch((error: unknown) => error));
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(words);
  });

  it('on a folder that another gateway owns says so in one line', async () => {
    await start();
    const said = lastLine(await start().catch((error: unknown) => error));
    expect(said).toHaveLength(1);
    expect(said[0]).toContain('LogOwned');
  });

  it('on a log whose key file is gone makes no new key', async () => {
    const gateway = await start();
    await gateway.signal('SIGTERM');
    rmSync(dataLayout(data).keys, { recursive: true });
    const said = lastLine(await start().catch((error: unknown) => error));
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/key file .* is missing/);
  });
});
