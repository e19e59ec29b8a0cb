import type { z } from 'zod';

/** Why a variable's text is no value of its setting, in words for who wrote it; a schema's own words stand as they are. */
export function wrongValue(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `takes ${KINDS[issue.expected] ?? issue.expected}`;
  if (issue.code === 'invalid_value') return `takes one of ${issue.values.join(', ')}`;
  if (issue.code === 'too_small') return `takes ${bounded(issue.origin, 'at least', issue.minimum)}`;
  if (issue.code === 'too_big') return `takes ${bounded(issue.origin, 'at most', issue.maximum)}`;
  return issue.message;
}

const KINDS: Readonly<Record<string, string>> = {
  number: 'a number',
  int: 'a whole number',
};

const bounded = (origin: string, how: string, bound: number | bigint): string =>
  origin === 'string' ? `${how} ${bound} characters` : `${how} ${bound}`;
