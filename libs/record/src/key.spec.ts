import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_STATION_KEY, parseKey, recordKey } from './key.ts';

describe('the key', () => {
  it('gives back whose record it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (tenant, station) => {
        expect(parseKey(recordKey({ tenant, station }))).toEqual({ tenant, station });
      }),
    );
  });

  it('is percent-encoded by RFC 3986', () => {
    expect(recordKey({ tenant: 'acme', station: 'RDAM 123' })).toBe('acme/RDAM%20123');
    expect(recordKey({ tenant: 'a/b', station: "it's(1)*!" })).toBe('a%2Fb/it%27s%281%29%2A%21');
  });

  it('of a station called dash is not the key of no station', () => {
    expect(recordKey({ tenant: 'default', station: '-' })).toBe('default/%2D');
    expect(parseKey('default/%2D')).toEqual({ tenant: 'default', station: '-' });
    expect(parseKey(NO_STATION_KEY)).toBeUndefined();
  });

  it.each(['', 'default', 'default/%E0%A4%A', '%/x'])('does not read %j', (key) => {
    expect(parseKey(key)).toBeUndefined();
  });

  it('has a place even for a name that no UTF-8 can hold', () => {
    expect(recordKey({ tenant: 'default', station: '\ud800' })).toBe('default/%EF%BF%BD');
  });
});
