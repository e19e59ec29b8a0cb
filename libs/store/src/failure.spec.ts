import { describe, expect, it } from 'vitest';
import { toStoreError } from './failure.ts';

const thrown = (message: string, properties: object = {}) => Object.assign(new Error(message), properties);

describe('errors', () => {
  it.each([
    [
      'chDB, a row',
      'Code: 27. DB::Exception: Code: 27. DB::Exception: Cannot parse input: (while reading the value of key n): (at row 1)\n: \nRow 1:\nparsed text: SECRET',
      { clickhouseCode: 27 },
      'refused',
      27,
      'Cannot parse input',
    ],
    [
      'chDB, a code in the text',
      'Code: 241. DB::Exception: Memory limit exceeded. (MEMORY_LIMIT_EXCEEDED)',
      {},
      'too-large',
      241,
      'Memory limit exceeded. (MEMORY_LIMIT_EXCEEDED)',
    ],
    [
      'HTTP, a code in text',
      'Timeout exceeded: elapsed 300 ms: While executing X: SECRET',
      { code: '159' },
      'too-slow',
      159,
      'Timeout exceeded: elapsed 300 ms',
    ],
    [
      'a statement',
      "Unknown identifier x in scope SELECT 'SECRET'",
      { code: '47' },
      'refused',
      47,
      'Unknown identifier x',
    ],
    [
      'nobody there',
      'connect ECONNREFUSED 127.0.0.1:1',
      { code: 'ECONNREFUSED' },
      'unreachable',
      undefined,
      'connect ECONNREFUSED 127.0.0.1:1',
    ],
    [
      'a broken connection',
      'socket hang up',
      { code: 'ECONNRESET' },
      'unreachable',
      undefined,
      'socket hang up',
    ],
    ['given up', 'The user aborted a request.', {}, 'unreachable', undefined, 'The user aborted a request.'],
  ] as const)('%s', (_what, message, properties, failure, code, said) => {
    const error = toStoreError(thrown(message, properties));
    expect(error).toMatchObject({ failure, code, message: said });
  });

  it('are cut where they are long', () => {
    expect(toStoreError(thrown('x'.repeat(10_000))).message.length).toBeLessThan(500);
  });
});
