import { expect, it } from 'vitest';
import { startApi } from '../testing/api-under-test.ts';
import { outcomeOf, RequestCounts } from './request-counts.ts';

it('counts what is asked by what became of it', async () => {
  const counts = new RequestCounts();
  const api = await startApi({ counts });
  try {
    await api.ask('{ stations { nodes { station } } }');
    await api.ask('{ nothing }');
    await api.ask('{');
    expect(Object.fromEntries(counts.requests.entries())).toEqual({ answered: 1, refused: 2 });
    expect(counts.answering.counts.reduce((sum, count) => sum + count)).toBe(3);
  } finally {
    await api.close();
  }
});

it('names the worst of several errors', () => {
  const coded = (...codes: string[]) => outcomeOf(codes.map((code) => ({ extensions: { code } })));
  expect(coded('BAD_USER_INPUT', 'INTERNAL_SERVER_ERROR', 'TOO_MUCH')).toBe('failed');
  expect(coded('BAD_USER_INPUT', 'TOO_MUCH')).toBe('too-much');
  expect(coded('BAD_USER_INPUT')).toBe('refused');
  expect(coded()).toBe('answered');
});
