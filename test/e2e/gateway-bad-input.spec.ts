import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect as tcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { variableName } from '@chargeproof/config';
import { frameOf, type FrameFault } from '@chargeproof/ocpp';
import type { LoggedRecord } from '@chargeproof/record';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from './gateway/until.ts';
import { Bystander } from './gateway/bystander.ts';
import { type Csms, startCsms } from './gateway/csms.ts';
import { connect, End } from './gateway/ends.ts';
import { type GatewayProcess, startGatewayProcess } from './gateway/gateway-process.ts';
import { byConnection, keysOf, ofStation, payloadsOf, readEverything, wireOf } from './gateway/recorded.ts';

// One gateway process takes all of it, with a station beside that talks on through every case; the log is
// read by this process while the gateway writes it.
const MiB = 1024 * 1024;
const data = mkdtempSync(join(tmpdir(), 'chargeproof-bad-input-'));
let csms: Csms;
let gateway: GatewayProcess;
let bystander: Bystander;

beforeAll(async () => {
  csms = await startCsms();
  gateway = await startGatewayProcess({
    [variableName('data', 'folder')]: data,
    [variableName('gateway', 'port')]: '0',
    [variableName('gateway', 'upstream')]: csms.url,
    [variableName('gateway', 'upstreamTimeoutSeconds')]: '1',
    [variableName('gateway', 'tenants')]: 'acme',
    [variableName('runtime', 'logLevel')]: 'warn',
  });
  bystander = new Bystander(await station('BYSTANDER'));
});
afterAll(async () => {
  await gateway.signal('SIGTERM');
  await csms.close();
  rmSync(data, { recursive: true, force: true });
});

async function station(path: string, protocols: readonly string[] = ['ocpp1.6']): Promise<End> {
  const end = await connect(`${gateway.address}/ocpp/${path}`, protocols);
  if (end instanceof End) return end;
  throw new Error(`${path} was refused with ${end.status} ${end.reason}`);
}
const refusedBy = async (path: string, protocols: readonly string[] = ['ocpp1.6']) => {
  const answer = await connect(`${gateway.address}${path}`, protocols);
  return answer instanceof End ? 'accepted' : `${answer.status} ${answer.reason}`;
};
const peerOf = async (name: string, index = 0): Promise<End> => {
  await until(() => (csms.ends.get(name)?.length ?? 0) > index);
  return csms.ends.get(name)![index]!;
};
const framesOf = async (name: string, direction = 'station-to-csms'): Promise<LoggedRecord[]> =>
  ofStation(await readEverything(data), name).filter(
    ({ attributes }) => attributes.type === 'ocpp.frame.v1' && attributes.direction === direction,
  );
const faultsOf = async (name: string) =>
  (await framesOf(name)).map((record) => frameOf(record).fault?.reason);

/** Sends frames, waits until the CSMS has them, and that one frame more is answered. */
async function passes(name: string, frames: readonly (readonly [string | Buffer, boolean])[]): Promise<End> {
  const end = await station(name);
  for (const [frame, binary] of frames) end.send(frame, binary);
  const answered = end.got.length;
  end.send('[2,"last","Heartbeat",{}]');
  const peer = await peerOf(name);
  await until(() => peer.got.length === end.sent.length && end.got.length > answered);
  expect(peer.got).toEqual(end.sent);
  return end;
}

describe('a frame', () => {
  type Case = {
    readonly name: string;
    readonly frame: string | Buffer;
    readonly fault: FrameFault | undefined;
    readonly binary?: boolean;
  };
  const cases: readonly Case[] = [
    { name: 'that is no JSON', frame: 'hello, charger', fault: 'not-json' },
    { name: 'that is empty', frame: '', fault: 'truncated-json' },
    { name: 'of truncated JSON', frame: '[2,"1","Authorize",{"idTag":"DEADBEEF', fault: 'truncated-json' },
    { name: 'that is binary', frame: Buffer.from([0, 1, 2, 0xfe, 0xff]), fault: 'binary', binary: true },
    { name: 'that is binary and a CALL', frame: '[2,"1","Heartbeat",{}]', fault: 'binary', binary: true },
    {
      name: 'of 1 MB',
      frame: `[2,"1","DataTransfer",{"vendorId":"V","data":"${'x'.repeat(MiB)}"}]`,
      fault: undefined,
    },
    {
      name: 'of invalid UTF-8',
      frame: Buffer.from([0x5b, 0x32, 0x2c, 0x22, 0xc3, 0x28, 0x22, 0x5d]),
      fault: 'not-utf8',
    },
    { name: 'of message type 9', frame: '[9,"1","Heartbeat",{}]', fault: 'message-type-unknown' },
    {
      name: 'with duplicate keys',
      frame: '[2,"1","Authorize",{"idTag":"ONE","idTag":"TWO"}]',
      fault: undefined,
    },
    {
      name: 'with an escaped NUL',
      frame: '[2,"1","DataTransfer",{"vendorId":"a\\u0000b"}]',
      fault: undefined,
    },
    { name: 'with a raw NUL', frame: '[2,"1","DataTransfer",{"vendorId":"a\u0000b"}]', fault: 'not-json' },
  ];
  it.each(cases)(
    '$name is recorded, classified and passed on',
    async ({ name, frame, fault, binary = false }) => {
      const identity = `FRAME ${name}`;
      const exchanges = await bystander.during(async () => {
        const end = await passes(identity, [[frame, binary]]);
        end.socket.close(1000);
      });
      expect(exchanges).toBeGreaterThan(2);
      expect(await faultsOf(identity)).toEqual([fault, undefined]);
      if (name === 'with duplicate keys') {
        const [record] = await framesOf(identity);
        expect(frameOf(record!).duplicateKeys).toEqual(['/3/idTag']);
      }
    },
  );

  it('of 5 MB is kept in part, not relayed, and its socket closed with 1009', async () => {
    await bystander.during(async () => {
      const end = await station('BIG-5');
      end.send('[2,"1","Heartbeat",{}]');
      const peer = await peerOf('BIG-5');
      await until(() => end.got.length === 1);
      end.socket.send(`[2,"2","DataTransfer",{"vendorId":"V","data":"${'x'.repeat(5 * MiB)}"}]`);
      expect(await end.closed).toMatchObject({ code: 1009 });
      expect(await peer.closed).toMatchObject({ code: 1001 });
      expect(peer.got).toEqual(end.sent);
    });
    const frames = await framesOf('BIG-5');
    expect(frames.map((record) => frameOf(record).fault?.reason)).toEqual([undefined, 'cut']);
    expect(frames[1]?.value).toHaveLength(64 * 1024);
    expect(frames[1]?.attributes.cut?.bytes).toBeGreaterThan(5 * MiB);
    await until(async () => {
      const failed = payloadsOf(ofStation(await readEverything(data), 'BIG-5'), 'ocpp.relay-failed.v1');
      return failed.length === 1 && failed[0]?.reason === 'frame-too-long';
    });
  });

  it('of 20 MB leaves a gap record, and its socket is closed with 1009', async () => {
    await bystander.during(async () => {
      const end = await station('BIG-20');
      end.socket.send(Buffer.alloc(20 * MiB, 0x20));
      expect(await end.closed).toMatchObject({ code: 1009 });
    });
    expect(await framesOf('BIG-20')).toEqual([]);
    expect(payloadsOf(ofStation(await readEverything(data), 'BIG-20'), 'ocpp.gap.v1')).toEqual([
      { missing: 'frames', count: 1, reason: 'beyond-socket-limit', direction: 'station-to-csms' },
    ]);
  });
});

describe('message ids', () => {
  it('1, 2, 3 after every boot are the frames of different connections', async () => {
    const texts = ['BootNotification', 'StatusNotification', 'Heartbeat'].map(
      (action, index) => `[2,"${index + 1}","${action}",{}]`,
    );
    await bystander.during(async () => {
      for (let boot = 0; boot < 3; boot += 1) {
        const end = await station('BOOTS');
        for (const text of texts) end.send(text);
        await until(() => end.got.length === texts.length);
        end.socket.terminate();
        await (
          await peerOf('BOOTS', boot)
        ).closed;
      }
    });
    const frames = await framesOf('BOOTS');
    expect(frames.map((record) => frameOf(record).messageId)).toEqual([
      '1',
      '2',
      '3',
      '1',
      '2',
      '3',
      '1',
      '2',
      '3',
    ]);
    expect(new Set(frames.map(({ attributes }) => attributes.id)).size).toBe(9);
    const accepted = payloadsOf(ofStation(await readEverything(data), 'BOOTS'), 'ocpp.handshake-accepted.v1')
      .filter(({ leg }) => leg === 'station')
      .map(({ previousConnection }) => previousConnection);
    const connections = [...new Set(frames.map(({ attributes }) => attributes.connection))];
    expect(accepted).toEqual([null, connections[0], connections[1]]);
  });

  it('that two stations share at once are answered each on its own socket', async () => {
    await bystander.during(async () => {
      const [one, two] = [await station('SHARED-1'), await station('SHARED-2')];
      one.send('[2,"same","Heartbeat",{}]');
      two.send('[2,"same","BootNotification",{}]');
      await until(() => one.got.length + two.got.length === 2);
      expect([one.got.length, two.got.length]).toEqual([1, 1]);
    });
    const ids = await Promise.all(
      ['SHARED-1', 'SHARED-2'].map(async (name) =>
        (await framesOf(name)).map((record) => frameOf(record).action),
      ),
    );
    expect(ids).toEqual([['Heartbeat'], ['BootNotification']]);
  });
});

describe('a handshake', () => {
  it.each([
    ['an unknown subprotocol', 'ocpp0.1', ''],
    ['none', undefined, ''],
    ['an unknown one before a known one', 'ocpp0.1, ocpp1.6', 'ocpp1.6'],
  ])('with %s has the answer of the CSMS', async (name, offered, selected) => {
    const identity = `PROTOCOL ${name}`;
    await bystander.during(async () => {
      const socket = tcp(Number(new URL(gateway.address).port), '127.0.0.1');
      const lines = [
        `GET /ocpp/${encodeURIComponent(identity)} HTTP/1.1`,
        'Host: chargeproof',
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
        ...(offered === undefined ? [] : [`Sec-WebSocket-Protocol: ${offered}`]),
      ];
      socket.write(`${lines.join('\r\n')}\r\n\r\n`);
      const [answer] = (await once(socket, 'data')) as [Buffer];
      expect(answer.toString()).toContain('HTTP/1.1 101');
      expect(/sec-websocket-protocol: (.*)\r/i.exec(answer.toString())?.[1] ?? '').toBe(selected);
      socket.destroy();
      await (
        await peerOf(identity)
      ).closed;
    });
    const [accepted] = payloadsOf(
      ofStation(await readEverything(data), identity),
      'ocpp.handshake-accepted.v1',
    );
    expect(accepted?.selectedSubprotocol ?? '').toBe(selected);
  });

  it.each([
    ['/ocpp/..', '400 path-dot-segment'],
    ['/ocpp/%2e%2e/CP', '400 path-dot-segment'],
    ['/ocpp//CP', '404 path-empty-segment'],
    ['//ocpp/CP', '404 path-not-ours'],
    ['/ocpp/a%00b', '400 path-control-character'],
    ['/ocpp/%c0%af', '400 path-bad-percent'],
    ['/ocpp/nobody/CP', '404 unknown-tenant'],
    [`/ocpp/${'x'.repeat(300)}`, '414 path-too-long'],
  ])('with the path trick %s is refused', async (path, answer) => {
    await bystander.during(async () => {
      // The URL class would resolve the dots, so the request line is written by hand.
      expect(await rawRefusal(path)).toBe(answer);
    });
    const refused = payloadsOf(await readEverything(data), 'ocpp.handshake-refused.v1');
    expect(refused.map(({ reason }) => reason)).toContain(answer.slice(4));
  });

  it.each([
    ['acme/CP', 'acme', 'CP'],
    ['A%2FB', 'default', 'A/B'],
    ['RDAM%20123', 'default', 'RDAM 123'],
  ])('to %s is of tenant %s and station %s', async (path, tenant, name) => {
    const end = await station(path);
    const own = ofStation(await readEverything(data), name);
    expect(own[0]?.attributes).toMatchObject({ tenant, subject: name });
    end.socket.close();
    await end.closed;
  });
});

describe('an upstream', () => {
  it.each([
    ['says 401', 'HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n', '401 upstream-refused'],
    ['speaks no HTTP', '220 smtp ready\r\n', '502 upstream-wrong'],
    ['says nothing', undefined, '504 upstream-timeout'],
  ])('that %s refuses the station, in the log on both legs', async (name, words, answer) => {
    const identity = `WRONG ${name}`;
    csms.behaviours.set(identity, (socket) => {
      if (words !== undefined) socket.end(words);
    });
    await bystander.during(async () => {
      expect(await refusedBy(`/ocpp/${encodeURIComponent(identity)}`)).toBe(answer);
    });
    const refused = payloadsOf(ofStation(await readEverything(data), identity), 'ocpp.handshake-refused.v1');
    expect(refused.map(({ leg, status, reason }) => [leg, `${status} ${reason}`])).toEqual([
      ['station', answer],
      ['upstream', answer],
    ]);
  });

  it('that is slow keeps only its own station waiting', async () => {
    const waiting = Promise.withResolvers<() => Promise<End>>();
    csms.behaviours.set('SLOW', (_, accept) => {
      waiting.resolve(accept);
    });
    const slow = station('SLOW');
    const accept = await waiting.promise;
    expect(await bystander.during(() => Promise.resolve())).toBeGreaterThan(0);
    const peer = await accept();
    const end = await slow;
    peer.socket.pause();
    const frames = 300;
    for (let index = 0; index < frames; index += 1) end.send(Buffer.alloc(64 * 1024, 'slow '));
    expect(await bystander.during(() => Promise.resolve())).toBeGreaterThan(0);
    peer.socket.resume();
    await until(() => peer.got.length === frames);
    expect(peer.got).toEqual(end.sent);
  });

  it('that closes in mid-frame loses nothing that was whole, and the log says what is missing', async () => {
    const raw = Promise.withResolvers<End>();
    csms.behaviours.set('MID-FRAME', (socket, accept) => {
      void accept().then((end) => {
        end.send('[2,"whole","GetConfiguration",{}]');
        socket.write(Buffer.concat([Buffer.from([0x81, 126, 0x01, 0x00]), Buffer.from('[2,"half')]), () =>
          socket.destroy(),
        );
        raw.resolve(end);
      });
    });
    await bystander.during(async () => {
      const end = await station('MID-FRAME');
      const peer = await raw.promise;
      expect(await end.closed).toMatchObject({ code: 1001 });
      expect(end.got).toEqual(peer.sent);
    });
    const own = ofStation(await readEverything(data), 'MID-FRAME');
    expect(payloadsOf(own, 'ocpp.gap.v1')).toEqual([
      { missing: 'bytes', count: 8, reason: 'socket-ended-inside-a-frame', direction: 'csms-to-station' },
    ]);
    expect(payloadsOf(own, 'ocpp.connection-closed.v1')).toEqual([{ code: 1006, reason: '', by: 'csms' }]);
  });
});

async function rawRefusal(path: string): Promise<string> {
  const socket = tcp(Number(new URL(gateway.address).port), '127.0.0.1');
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: ocpp1.6\r\n\r\n`,
  );
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  const [, status = ''] = /^HTTP\/1\.1 (\d+)/.exec(answer) ?? [];
  return `${status} ${answer.split('\r\n\r\n')[1]?.trim() ?? ''}`;
}

it('after all of it both sides and the log agree, connection by connection', async () => {
  bystander.end.socket.close(1000);
  await bystander.end.closed;
  await gateway.signal('SIGTERM');
  const records = await readEverything(data);
  const keys = await keysOf(data);
  let frames = 0;
  for (const connection of byConnection(records)) {
    expect(connection.map(({ attributes }) => attributes.sequence)).toEqual(
      connection.map((_, index) => index),
    );
    frames += connection.filter(({ attributes }) => attributes.type === 'ocpp.frame.v1').length;
  }
  expect(frames).toBeGreaterThan(100);
  const own = ofStation(records, 'BYSTANDER');
  const [peer] = csms.ends.get('BYSTANDER')!;
  expect(wireOf(own, 'station-to-csms', keys)).toEqual(bystander.end.sent);
  expect(peer?.got).toEqual(bystander.end.sent);
  expect(wireOf(own, 'csms-to-station', keys)).toEqual(peer?.sent);
  expect(bystander.end.got).toEqual(peer?.sent);
  for (const [name, ends] of csms.ends) {
    const whole = ofStation(records, name).filter(({ attributes }) => attributes.cut === undefined);
    expect(wireOf(whole, 'station-to-csms', keys)).toEqual(ends.flatMap(({ got }) => got));
  }
  expect(gateway.said()).toBe('');
});
