import { getIntrospectionQuery, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { apiSchema } from '../testing/api-schema.ts';
import { checkCost } from './cost.ts';

const schema = apiSchema();
const check = (question: string, variables?: Record<string, unknown>) =>
  checkCost({ schema, document: parse(question), variables })?.message;

const FRAME = '{ id station time text kind action position { partition offset } }';

describe('the cost of a question', () => {
  it('is no matter for what people ask', () => {
    expect(check(getIntrospectionQuery())).toBeUndefined();
    expect(check(`{ frames(first: 500) { nodes ${FRAME} totalCount } }`)).toBeUndefined();
    expect(
      check(
        `{ exchanges(first: 500) { nodes { id call ${FRAME} answer ${FRAME} evidence { recordIds } } } }`,
      ),
    ).toBeUndefined();
  });

  it('grows with the lists in lists, whether their lengths are written, given or the default', () => {
    const question = (first: string, more = '') =>
      `query ($n: Int!) { transactions(first: ${first}) { nodes { meterValues${more} { value unit sampledAt } id } } ${first === '$n' ? '' : 'b: frames(first: $n) { readAt }'} }`;
    expect(check(question('500', '(first: 500)'), { n: 1 })).toMatch(
      /500000 values.*ask for less with first/,
    );
    expect(check(question('$n', '(first: $n)'), { n: 500 })).toMatch(/500000 values/);
    expect(check(question('$n', '(first: $n)'), { n: 100 })).toBeUndefined();
    expect(check(question('50'), { n: 1 })).toBeUndefined();
  });

  it('grows with questions beside each other', () => {
    const many = Array.from({ length: 6000 }, (_, index) => `q${index}: platform { lag }`).join(' ');
    expect(check(`{ ${many} }`)).toMatch(/500000 values/);
  });

  it('comes to an end for fragments that spread each other', () => {
    expect(check('{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }')).toMatch(
      /levels deep/,
    );
    const bomb = Array.from(
      { length: 15 },
      (_, n) => `fragment f${n} on Query { ...f${n + 1} ...f${n + 1} ...f${n + 1} ...f${n + 1} }`,
    );
    expect(check(`{ ...f0 } ${bomb.join(' ')} fragment f15 on Query { platform { lag } }`)).toBeDefined();
  });
});
