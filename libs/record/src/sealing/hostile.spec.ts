import { describe, expect, it } from 'vitest';
import { testKeys } from '../testing/secrets.ts';
import { createSealer } from './sealer.ts';
import { unseal } from './unseal.ts';

/** One station's frame is sealed while all others wait, so its cost must grow with its length and no faster. */
const MEGABYTE = 1024 * 1024;
/** Each took half a minute or more where a pattern read on to the text's end from every match. */
const MOST_MILLISECONDS = 4000;

const filled = (piece: string) => piece.repeat(MEGABYTE / piece.length);

const FRAMES: readonly (readonly [what: string, frame: string])[] = [
  ['values without an object', `[2,"1","X",${filled('"value":1,')}`],
  ['keys and values without an end', `[2,"1","X",{${filled('"key":"a","value":"b",')}`],
  ['objects in objects without an end', `[2,"1","X",${filled('{"key":"a","value":"b",')}`],
  ['a URL of parameters', `[2,"1","X",{"a":"http://a${filled('?a=b')}"}]`],
  ['a URL of secret parameters', `[2,"1","X",{"a":"http://a${filled('?token=b')}"}]`],
  ['escaped names without a space', `[2,"1","X",{"a":"${filled('\\u0069dTag')}"}]`],
  ['names of secrets without a space', `[2,"1","X",{"a":"\\n${filled('password')}"}]`],
  ['private keys without an end', `[2,"1","X",{"a":"${filled('-----BEGIN PRIVATE KEY-----')}"}]`],
  ['backslashes', `[2,"1","idTag${filled('\\')}`],
  ['members in company', `[2,"1","X",{${filled('"certificate":"a",')}"idToken":1}]`],
  ['signed texts', `[2,"1","X",{"a":"OCMF|${filled('\\"ID\\":\\"a\\",')}"}]`],
];

describe('sealing a megabyte of', () => {
  it.each(FRAMES)('%s takes no square of it', (_what, frame) => {
    const original = Buffer.from(frame);
    const sealer = createSealer(testKeys);
    const started = performance.now();
    const { value, sealed } = sealer.seal(original, 'text');
    expect(performance.now() - started).toBeLessThan(MOST_MILLISECONDS);
    expect(original.equals(sealed ? unseal(value, sealed, testKeys) : value)).toBe(true);
  });
});
