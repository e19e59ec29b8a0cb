import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Attributes } from '../attributes.ts';
import { writeAttributes } from '../compact.ts';
import { toHeaders } from '../headers.ts';
import { testKeys, tracesOf } from '../testing/secrets.ts';
import { createSealer } from './sealer.ts';
import { unseal } from './unseal.ts';

const sealer = createSealer(testKeys);

const record = (sealed: Attributes['sealed']): Attributes => ({
  id: 'c/0',
  source: 'r',
  type: 'ocpp.frame.v1',
  tenant: 'default',
  time: 0,
  witness: 'wire',
  ...(sealed && { sealed }),
});

/** All that is kept of a frame: value, headers, compact attributes. */
function kept(value: Uint8Array, sealed: Attributes['sealed']): Buffer {
  const attributes = record(sealed);
  const written = writeAttributes(attributes) + JSON.stringify(toHeaders(attributes));
  return Buffer.concat([value, Buffer.from(written)]);
}

const SECRET = fc.stringMatching(/^[A-Za-z0-9]{12,24}$/);
const NAMES = ['idTag', 'IDTAG', 'parentIdTag', 'id_tag', 'idToken', 'password', 'authorizationKey', 'emaid'];

/** Ways to say a secret in a value. */
const planted = (secret: string): fc.Arbitrary<unknown> =>
  fc.oneof(
    fc.constantFrom(...NAMES).map((name) => ({ x: 1, [name]: secret })),
    fc.constantFrom(...NAMES).map((name) => ({ [name]: [{ value: secret, n: 1 }, secret] })),
    fc.constant({
      idToken: { type: 'Central', idToken: secret, additionalInfo: [{ additionalIdToken: secret }] },
    }),
    fc.constant({ key: 'AuthorizationKey', value: secret }),
    fc.constant({ value: secret, readonly: true, key: 'authorizationkey' }),
    fc.constant({
      attributeValue: secret,
      variable: { name: 'BasicAuthPassword' },
      component: { name: 'X' },
    }),
    fc.constant({ location: `ftp://user:${secret}@host.example/f` }),
    fc.constant({ location: `https://host.example/f?a=1&token=${secret}&b=2` }),
    fc.constant({ rawPath: `/ocpp/CP1?x=1;password=${secret}` }),
    fc.constant({ info: `idTag: "${secret}", password=${secret}` }),
    fc.constant({ signedMeterData: Buffer.from(`OCMF|{"ID":"${secret}"}|{}`).toString('base64') }),
  );

/** A value that holds it somewhere inside, also as JSON in a string, up to three deep. */
const nested = (value: fc.Arbitrary<unknown>, depth: number): fc.Arbitrary<unknown> =>
  depth === 0
    ? value
    : fc.oneof(
        value,
        nested(value, depth - 1).map((inner) => ({ data: JSON.stringify(inner) })),
        fc
          .tuple(fc.jsonValue({ maxDepth: 1 }), nested(value, depth - 1))
          .map(([other, inner]) => [other, inner]),
        nested(value, depth - 1).map((inner) => ({ list: [{ a: 1 }, { inner }] })),
      );

const frame = (payload: unknown, space?: string) =>
  JSON.stringify([2, 'id', 'DataTransfer', payload], undefined, space);

/** Every character of a string's source may be written as an escape. */
const escaped = (json: string, every: number) => {
  let letters = 0;
  return json.replace(/(\\.)|([A-Za-z])/g, (whole: string, _escape: string, letter: string | undefined) =>
    letter !== undefined && ++letters % every === 0
      ? `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`
      : whole,
  );
};
/** Escapes letters inside the strings of a JSON text. */
const escapedStrings = (json: string, every: number) =>
  json.replace(/"(?:[^"\\]|\\.)*"/g, (text) => escaped(text, every));

const withSecret = SECRET.chain((secret) =>
  fc.record({
    secret: fc.constant(secret),
    payload: nested(planted(secret), 3),
    space: fc.constantFrom(undefined, ' ', '\t'),
    every: fc.constantFrom(0, 1, 2, 5),
  }),
).map(({ secret, payload, space, every }) => {
  const json = frame(payload, space);
  return { secret, text: every === 0 ? json : escapedStrings(json, every) };
});

/** What a reader would find: all escapes undone at every depth. */
function readable(text: string): Buffer {
  let all = text;
  for (let each = text, i = 0; i < 5; i++) {
    each = each.replace(/\\u([0-9a-f]{4})/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    each = each.replace(/\\(["\\/])/g, '$1');
    all += each;
  }
  const base64 = all.match(/[A-Za-z0-9+/]{24,}={0,2}/g) ?? [];
  return Buffer.from(all + base64.map((each) => Buffer.from(each, 'base64').toString('latin1')).join(' '));
}

describe('sealing', () => {
  it('gives back the exact bytes of any frame', () => {
    const bytes = fc.oneof(
      withSecret.map(({ text }) => Buffer.from(text)),
      fc.tuple(withSecret, fc.nat(), fc.uint8Array({ maxLength: 3 })).map(([{ text }, place, by]) => {
        const whole = Buffer.from(text);
        const at = place % whole.length;
        return Buffer.concat([whole.subarray(0, at), by, whole.subarray(at + 1)]);
      }),
      fc.uint8Array({ maxLength: 80 }),
    );
    fc.assert(
      fc.property(bytes, (original) => {
        const { value, sealed } = sealer.seal(original, 'binary');
        const back = sealed ? unseal(value, sealed, testKeys) : value;
        expect(Buffer.compare(back, original)).toBe(0);
      }),
      { numRuns: 1500 },
    );
  });

  it('leaves no trace of a secret, where the search finds each without sealing', () => {
    fc.assert(
      fc.property(withSecret, ({ secret, text }) => {
        expect(tracesOf(secret, readable(text))).not.toEqual([]);
        const { value, sealed } = sealer.seal(Buffer.from(text), 'text');
        expect(tracesOf(secret, readable(kept(value, sealed).toString()))).toEqual([]);
        expect(() => JSON.parse(Buffer.from(value).toString()) as unknown).not.toThrow();
      }),
      { numRuns: 1500 },
    );
  });

  it('leaves no trace in a frame that is cut off anywhere', () => {
    fc.assert(
      fc.property(withSecret, fc.double({ min: 0, max: 1, noNaN: true }), ({ secret, text }, part) => {
        const cut = text.slice(0, Math.ceil(part * text.length));
        const { value, sealed } = sealer.seal(Buffer.from(cut), 'text');
        expect(tracesOf(secret, readable(kept(value, sealed).toString()))).toEqual([]);
        expect(Buffer.from(sealed ? unseal(value, sealed, testKeys) : value).toString()).toBe(cut);
      }),
      { numRuns: 1500 },
    );
  });

  it('says the same of the same frame, every time', () => {
    const another = createSealer(testKeys);
    fc.assert(
      fc.property(withSecret, ({ text }) => {
        const bytes = Buffer.from(text);
        expect(another.seal(bytes, 'text')).toEqual(sealer.seal(bytes, 'text'));
      }),
    );
  });
});
