import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readStationPath } from './station-path.ts';

const TENANTS = new Set(['default', 'acme', 'a/b']);
const read = (target: string) => readStationPath(target, TENANTS);

describe('a station path', () => {
  it.each([
    ['/ocpp/CP-1', 'default', 'CP-1'],
    ['/ocpp/acme/CP-1', 'acme', 'CP-1'],
    ['/ocpp/RDAM%20123', 'default', 'RDAM 123'],
    ['/ocpp/a+b', 'default', 'a+b'],
    ['/ocpp/a%2Fb', 'default', 'a/b'],
    ['/ocpp/a%2Fb/CP', 'a/b', 'CP'],
    ['/ocpp/%C3%A9', 'default', 'é'],
    ['/ocpp/-', 'default', '-'],
    ['/ocpp/...', 'default', '...'],
    ['/ocpp/%2525', 'default', '%25'],
    ['/ocpp/a;b=c', 'default', 'a;b=c'],
    [`/ocpp/${'x'.repeat(255)}`, 'default', 'x'.repeat(255)],
  ])('%s names station', (target, tenant, station) => {
    expect(read(target)).toEqual({
      subject: { tenant, station },
      segment: target.split('/').at(-1),
      query: '',
    });
  });

  it('goes on encoded where it held what no path may hold', () => {
    expect(read('/ocpp/a\\b')).toMatchObject({ subject: { station: 'a\\b' }, segment: 'a%5Cb' });
    expect(read('/ocpp/a#b')).toMatchObject({ segment: 'a%23b' });
  });

  it('keeps the query apart', () => {
    expect(read('/ocpp/CP-1?token=a/../b')).toEqual({
      subject: { tenant: 'default', station: 'CP-1' },
      segment: 'CP-1',
      query: '?token=a/../b',
    });
  });

  it.each([
    ['/', 404, 'path-not-ours'],
    ['', 404, 'path-not-ours'],
    ['/ocpp', 404, 'path-not-ours'],
    ['/OCPP/CP', 404, 'path-not-ours'],
    ['//ocpp/CP', 404, 'path-not-ours'],
    ['/%6Fcpp/CP', 404, 'path-not-ours'],
    ['/x/../ocpp/CP', 404, 'path-not-ours'],
    ['/ocpp/', 404, 'path-empty-segment'],
    ['/ocpp//CP', 404, 'path-empty-segment'],
    ['/ocpp/CP/', 404, 'path-empty-segment'],
    ['/ocpp/a/b/c', 404, 'path-too-deep'],
    ['/ocpp/..', 400, 'path-dot-segment'],
    ['/ocpp/acme/..', 400, 'path-dot-segment'],
    ['/ocpp/%2e%2E', 400, 'path-dot-segment'],
    ['/ocpp/../CP', 400, 'path-dot-segment'],
    ['/ocpp/.', 400, 'path-dot-segment'],
    ['/ocpp/%', 400, 'path-bad-percent'],
    ['/ocpp/%zz', 400, 'path-bad-percent'],
    ['/ocpp/%ff', 400, 'path-bad-percent'],
    ['/ocpp/%c0%ae', 400, 'path-bad-percent'],
    ['/ocpp/a%00b', 400, 'path-control-character'],
    ['/ocpp/a%0d%0ab', 400, 'path-control-character'],
    [`/ocpp/${'x'.repeat(256)}`, 414, 'path-too-long'],
    ['/ocpp/nobody/CP', 404, 'unknown-tenant'],
    ['/ocpp/Acme/CP', 404, 'unknown-tenant'],
  ])('%s is refused', (target, status, reason) => {
    expect(read(target)).toEqual({ status, reason });
  });

  it('gives every identity back that a URL can hold', () => {
    const identity = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
      .filter((text) => text !== '.' && text !== '..' && !/\p{Cc}/u.test(text));
    fc.assert(
      fc.property(identity, (station) => {
        fc.pre(Buffer.byteLength(station) <= 255);
        expect(read(`/ocpp/${encodeURIComponent(station)}`)).toMatchObject({ subject: { station } });
      }),
    );
  });

  it('never throws, whatever stands there', () => {
    fc.assert(
      fc.property(fc.string(), (rest) => {
        expect(read(`/ocpp/${rest}`)).toBeTypeOf('object');
      }),
    );
  });
});
