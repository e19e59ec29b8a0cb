import { describe, expect, it } from 'vitest';
import { addressRange } from './address-range.ts';
import { gateway } from './gateway.ts';
import { BadSettings, readSettings } from './settings.ts';

describe('a range of addresses', () => {
  it.each([
    ['10.0.0.7', { address: '10.0.0.7', prefix: 32, family: 'ipv4' }],
    ['10.0.0.0/8', { address: '10.0.0.0', prefix: 8, family: 'ipv4' }],
    ['0.0.0.0/0', { address: '0.0.0.0', prefix: 0, family: 'ipv4' }],
    ['::1', { address: '::1', prefix: 128, family: 'ipv6' }],
    ['fd00::/8', { address: 'fd00::', prefix: 8, family: 'ipv6' }],
  ])('%s', (text, range) => {
    expect(addressRange(text)).toEqual(range);
  });

  it.each([
    ...['', '10.0.0', '10.0.0.256', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/-1', 'fd00::/129'],
    ...['fe80::1%eth0', 'balancer', '10.0.0.1:80', '10.0.0.0/8/8'],
  ])('is not “%s”', (text) => {
    expect(addressRange(text)).toBeUndefined();
  });

  it('that is none is refused by the name of its setting', () => {
    const read = (trusted: string) =>
      readSettings({ CHARGEPROOF_GATEWAY_TRUSTED_PROXIES: trusted }, { gateway }).gateway.trustedProxies;
    expect(read('10.0.0.0/8, ::1,')).toEqual(['10.0.0.0/8', '::1']);
    expect(read('')).toEqual([]);
    let told: unknown;
    try {
      read('10.0.0.1,balancer,10.0.0.0/64');
    } catch (error) {
      told = error;
    }
    expect(told).toBeInstanceOf(BadSettings);
    expect((told as BadSettings).problems).toEqual([
      expect.stringMatching(
        /^CHARGEPROOF_GATEWAY_TRUSTED_PROXIES: balancer, 10.0.0.0\/64: no address and no range as 10.0.0.0\/8 \(/,
      ),
    ]);
  });
});
