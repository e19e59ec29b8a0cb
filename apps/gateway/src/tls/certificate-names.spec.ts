import { describe, expect, it } from 'vitest';
import { alternativeNames } from './certificate-names.ts';

describe('the alternative names of a certificate', () => {
  it.each([
    [undefined, []],
    ['DNS:CP-1', ['CP-1']],
    ['DNS:CP-1, IP Address:127.0.0.1, URI:urn:x:CP-2', ['CP-1', 'urn:x:CP-2']],
    // One name that would read as two: Node puts it in quotes.
    ['DNS:"a, DNS:CP-1"', ['a, DNS:CP-1']],
    ['email:a@b, DNS:"quo\\u0022ted"', ['quo"ted']],
    ['email:"x, DNS:CP-1"', []],
  ])('%s are %o', (text, names) => {
    expect(alternativeNames(text)).toEqual(names);
  });
});
