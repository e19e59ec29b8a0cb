import { expect, it } from 'vitest';
import { nameFault } from './name.ts';

it.each([
  ['', 'empty'],
  ['.', 'dot-segment'],
  ['..', 'dot-segment'],
  ['a\nb', 'control-character'],
  ['\u0085', 'control-character'],
  ['x'.repeat(256), 'too-long'],
  ['é'.repeat(128), 'too-long'],
  ['x'.repeat(255), undefined],
  ['...', undefined],
  ['-', undefined],
  ['a/b c', undefined],
])('a station of the name %j: %s', (name, fault) => {
  expect(nameFault(name)).toBe(fault);
});
