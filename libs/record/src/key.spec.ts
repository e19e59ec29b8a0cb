import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_STATION_KEY, parseKey, parseStationName, recordKey, stationName } from './key.ts';

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

describe('a station as people name it', () => {
  it.each([
    ['CP-1', { tenant: 'default', station: 'CP-1' }],
    ['acme/CP%2F1', { tenant: 'acme', station: 'CP/1' }],
    ['%2D', { tenant: 'default', station: '-' }],
  ])('%s is read and written back', (name, subject) => {
    expect(parseStationName(name)).toEqual(subject);
    expect(stationName(subject)).toBe(name);
  });

  it.each(['', '/', 'a/', '/a', 'a/b/c', '%', '-'])('is not %j', (name) => {
    expect(parseStationName(name)).toBeUndefined();
  });
});
