import { describe, expect, it } from 'vitest';
import { RecorderUnderTest } from '../testing/recorder-under-test.ts';
import { connect, station } from '../testing/wire.ts';
import { TrustedProxies } from './trusted-proxies.ts';

const told = (peer: string, forwardedFor: string | undefined, trusted = ['10.0.0.0/8', '::1']) =>
  new TrustedProxies(trusted).addressesOf({
    socket: { remoteAddress: peer },
    headers: forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor },
  } as never);
const through = (proxyAddress: string, remoteAddress: string) => ({ remoteAddress, proxyAddress });

describe('whose request it is', () => {
  it.each([
    ['of a trusted peer says the header', '10.0.0.1', '203.0.113.9', '203.0.113.9'],
    ['on an IPv6 listener', '::ffff:10.0.0.1', '203.0.113.9', '203.0.113.9'],
    ['says its last entry that is no proxy', '10.0.0.1', '203.0.113.9, 10.0.0.2,10.0.0.3', '203.0.113.9'],
    ['says no entry that a stranger made up', '10.0.0.1', '192.0.2.1, 10.9.9.9, 203.0.113.9', '203.0.113.9'],
    ['says no entry before it', '10.0.0.1', 'garbage, 203.0.113.9', '203.0.113.9'],
    ['is the first proxy’s own where there is nobody else', '10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
    ['is said with a port', '::1', '203.0.113.9:4711', '203.0.113.9'],
    ['is said in IPv6', '::1', '2001:db8::9', '2001:db8::9'],
    ['is said in IPv6 with a port', '::1', '[2001:db8::9]:4711', '2001:db8::9'],
  ])('%s', (_, peer, header, client) => {
    expect(told(peer, header)).toEqual(through(peer, client));
  });

  it.each([
    ['of a stranger, whatever it says', '203.0.113.9', '192.0.2.1'],
    ['of a peer that says nothing', '10.0.0.1', undefined],
    ['of one that says what is empty', '10.0.0.1', ''],
    ['of one that says no address', '10.0.0.1', 'unknown'],
    ['of one whose last word is no address', '10.0.0.1', '192.0.2.1, 1.2.3'],
    ['of one that names an interface', '10.0.0.1', 'fe80::1%eth0'],
    ['of one that names nobody before a proxy', '10.0.0.1', ', 10.0.0.2'],
  ])('is the peer’s own: %s', (_, peer, header) => {
    expect(told(peer, header)).toEqual({ remoteAddress: peer });
  });

  it('is the peer’s own where nobody is trusted, and where there is none', () => {
    expect(told('127.0.0.1', '192.0.2.1', [])).toEqual({ remoteAddress: '127.0.0.1' });
    expect(told(undefined as never, '192.0.2.1')).toEqual({});
  });
});

describe('a gateway behind a balancer', () => {
  const through = (localAddress: string, forwardedFor: string) =>
    ({ localAddress, headers: { 'X-Forwarded-For': forwardedFor } }) as const;

  it('records and limits the stations’ own addresses, and believes no other', async () => {
    await using recorder = await RecorderUnderTest.start({
      upstream: undefined,
      trustedProxies: ['127.0.0.2'],
      addressHandshakesPerMinute: 1,
    });
    const url = recorder.url('/ocpp/CP-1');
    const [balancer, forger] = ['127.0.0.2', '127.0.0.3'];
    await station(url, undefined, through(balancer, '203.0.113.1'));
    await station(url, undefined, through(balancer, '203.0.113.2'));
    expect(await connect(url, undefined, through(balancer, '203.0.113.1'))).toMatchObject({ status: 429 });
    await station(url, undefined, through(forger, '203.0.113.3'));
    expect(await connect(url, undefined, through(forger, '203.0.113.4'))).toMatchObject({ status: 429 });
    await station(url, undefined, through(balancer, '203.0.113.3'));
    const addresses = (records: readonly object[]) =>
      records.map((record) => ({ remoteAddress: undefined, proxyAddress: undefined, ...record }));
    const accepted = addresses(await recorder.payloads('ocpp.handshake-accepted.v1'));
    expect(accepted.map(({ remoteAddress, proxyAddress }) => [remoteAddress, proxyAddress])).toEqual([
      ['203.0.113.1', balancer],
      ['203.0.113.2', balancer],
      [forger, undefined],
      ['203.0.113.3', balancer],
    ]);
    await recorder.gateway.tick();
    const [refused] = await recorder.payloads('ocpp.handshake-refused.v1');
    expect(refused).toMatchObject({
      reason: 'too-many-handshakes',
      remoteAddress: '203.0.113.1',
      proxyAddress: balancer,
    });
    expect(refused?.headerNames).toContain('X-Forwarded-For');
  });
});
