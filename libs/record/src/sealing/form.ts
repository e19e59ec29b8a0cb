import type { SealedForm } from '../sealed.ts';

const ALPHABETS: readonly [SealedForm['alphabet'], RegExp][] = [
  ['digits', /^[0-9]*$/],
  ['hex', /^[0-9a-f]*$/i],
  ['alphanumeric', /^[0-9a-z]*$/i],
  ['ascii', /^[\u0000-\u007f]*$/],
];

/** The narrowest alphabet that holds every character. */
export function alphabetOf(value: string): SealedForm['alphabet'] {
  return ALPHABETS.find(([, pattern]) => pattern.test(value))?.[0] ?? 'unicode';
}

export function codePointsOf(value: string): number {
  let count = value.length;
  for (let i = 0; i + 1 < value.length; i++) if ((value.codePointAt(i) ?? 0) > 0xffff) count--;
  return count;
}
