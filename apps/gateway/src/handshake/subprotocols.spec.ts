import { createHash } from 'node:crypto';
import { connect as tcp } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startTcpUpstream } from '../testing/bad-upstreams.ts';
import { RecorderUnderTest } from '../testing/recorder-under-test.ts';

const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';

/** Offers by header lines as they are; ws as a client would refuse most of what is asked here. */
async function offer(recorder: RecorderUnderTest, lines: readonly string[]) {
  const socket = tcp(recorder.gateway.address.port, '127.0.0.1');
  const offers = lines.map((line) => `Sec-WebSocket-Protocol: ${line}\r\n`).join('');
  socket.write(
    `GET /ocpp/CP-1 HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}\r\n${offers}\r\n`,
  );
  const answer = await new Promise<string>((resolve) =>
    socket.once('data', (data) => {
      resolve(String(data));
    }),
  );
  socket.destroy();
  return {
    status: Number(/^HTTP\/1.1 (\d+)/.exec(answer)?.[1]),
    selected: /^sec-websocket-protocol: (.*)\r$/im.exec(answer)?.[1],
  };
}

/** Accepts every upgrade with these header lines. */
const startSelecting = (lines: readonly string[], heard: string[] = []) =>
  startTcpUpstream((socket) => {
    socket.once('data', (request) => {
      heard.push(String(request));
      const key = /sec-websocket-key: (.*)\r/i.exec(String(request))?.[1] ?? '';
      const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`,
      );
      // It speaks no more than the upgrade: whatever comes next, our goodbye, ends it.
      socket.once('data', () => socket.destroy());
    });
  });

describe('the offer of a station', () => {
  it.each([
    { lines: ['ocpp2.1, ocpp2.0.1, ocpp1.6'], asked: ['ocpp2.1', 'ocpp2.0.1', 'ocpp1.6'] },
    { lines: [' ocpp1.6 ,\tocpp2.0.1 '], asked: ['ocpp1.6', 'ocpp2.0.1'] },
    { lines: ['ocpp2.0.1', 'ocpp1.6'], asked: ['ocpp2.0.1', 'ocpp1.6'] },
    { lines: ['ocpp1.6,ocpp1.6'], asked: ['ocpp1.6', 'ocpp1.6'] },
    { lines: ['OCPP1.6, ocpp1.6'], asked: ['OCPP1.6', 'ocpp1.6'] },
    { lines: ['ocpp1.6,,steckdose 3'], asked: ['ocpp1.6', 'steckdose 3'] },
    { lines: ['x'.repeat(5000)], asked: ['x'.repeat(5000)] },
    { lines: [], asked: [] },
  ])('$lines is put to the CSMS as it is, and recorded on both legs', async ({ lines, asked }) => {
    const heard: string[] = [];
    const upstream = await startSelecting([], heard);
    await using recorder = await RecorderUnderTest.start({}, { upstream });
    expect(await offer(recorder, lines)).toEqual({ status: 101, selected: undefined });
    const put = /^sec-websocket-protocol: (.*)\r$/im.exec(heard[0] ?? '')?.[1] ?? '';
    expect(put).toBe(lines.map((line) => line.trim()).join(', '));
    const records = await recorder.payloads('ocpp.handshake-accepted.v1');
    expect(records.map(({ leg, offeredSubprotocols }) => [leg, offeredSubprotocols])).toEqual([
      ['station', asked],
      ['upstream', asked],
    ]);
    expect(records.some((record) => 'selectedSubprotocol' in record)).toBe(false);
  });
});

describe('the choice of the CSMS', () => {
  const select = (name: string) => `Sec-WebSocket-Protocol: ${name}`;
  it.each([
    { offered: 'ocpp2.0.1, ocpp1.6', chosen: [select('ocpp1.6')], selected: 'ocpp1.6' },
    { offered: 'ocpp1.6,ocpp1.6', chosen: [select('ocpp1.6')], selected: 'ocpp1.6' },
    { offered: 'OCPP1.6', chosen: [select('OCPP1.6')], selected: 'OCPP1.6' },
    { offered: 'ocpp1.6 , x', chosen: [select('  ocpp1.6  ')], selected: 'ocpp1.6' },
    { offered: 'soap', chosen: [select('soap')], selected: 'soap' },
    { offered: 'ocpp1.6', chosen: [], selected: undefined },
  ])('of $chosen among "$offered" is the station’s', async ({ offered, chosen, selected }) => {
    await using recorder = await RecorderUnderTest.start({}, { upstream: await startSelecting(chosen) });
    expect(await offer(recorder, [offered])).toEqual({ status: 101, selected });
    const records = await recorder.payloads('ocpp.handshake-accepted.v1');
    expect(records.map(({ selectedSubprotocol }) => selectedSubprotocol)).toEqual([selected, selected]);
    const accepted = await recorder.ofType('ocpp.handshake-accepted.v1');
    expect(accepted.map(({ attributes }) => attributes.protocol)).toEqual([selected, selected]);
  });

  it.each([
    { offered: ['ocpp1.6'], chosen: [select('OCPP1.6')] },
    { offered: ['ocpp1.6'], chosen: [select('ocpp2.0.1')] },
    { offered: [], chosen: [select('ocpp1.6')] },
    { offered: ['ocpp1.6, ocpp2.0.1'], chosen: [select('ocpp1.6, ocpp2.0.1')] },
    { offered: ['ocpp1.6, ocpp2.0.1'], chosen: [select('ocpp1.6'), select('ocpp2.0.1')] },
    { offered: ['steckdose 3'], chosen: [select('steckdose 3')] },
    { offered: ['ocpp1.6'], chosen: [select('')] },
  ])('of $chosen among $offered is refused on both legs', async ({ offered, chosen }) => {
    await using recorder = await RecorderUnderTest.start({}, { upstream: await startSelecting(chosen) });
    expect(await offer(recorder, offered)).toEqual({ status: 502, selected: undefined });
    const records = await recorder.payloads('ocpp.handshake-refused.v1');
    expect(records.map(({ leg, reason }) => [leg, reason])).toEqual([
      ['station', 'upstream-wrong'],
      ['upstream', 'upstream-wrong'],
    ]);
    expect(records[0]?.detail).toMatch(/^selected /);
    expect(await recorder.ofType('ocpp.handshake-accepted.v1')).toEqual([]);
  });
});
