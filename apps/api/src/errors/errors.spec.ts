import { StoreError } from '@chargeproof/tables';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiUnderTest, startApi } from '../testing/api-under-test.ts';
import type { Log } from './log.ts';

const logged: { readonly level: string; readonly what: unknown }[] = [];
const log: Log = {
  debug: (what) => logged.push({ level: 'debug', what }),
  info: (what) => logged.push({ level: 'info', what }),
  warn: (what) => logged.push({ level: 'warn', what }),
  error: (what) => logged.push({ level: 'error', what }),
};
let api: ApiUnderTest;
let fails: Error | undefined;

beforeAll(async () => {
  api = await startApi({ log });
  const { store } = api;
  const select = store.select.bind(store);
  store.select = (...question) => (fails ? Promise.reject(fails) : select(...question));
});
afterAll(() => api.close());

async function errorOf(query: string, variables?: Record<string, unknown>) {
  logged.length = 0;
  const { errors } = await api.ask(query, variables);
  const [error] = errors ?? [];
  if (error === undefined) throw new Error('it was answered');
  return error;
}

describe('an error', () => {
  it('says that a subscription is asked for over a socket', async () => {
    const error = await errorOf('subscription { frameRecorded { id } }');
    expect(error.extensions).toEqual({ code: 'BAD_REQUEST' });
    expect(error.message).toContain('graphql-transport-ws');
  });

  it('says to who opens the address in a browser how a question is sent', async () => {
    const response = await fetch(`${api.address}/graphql`);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('by POST as application/json');
  });

  it.each([
    ['first', '{ frames(first: 0) { readAt } }', 'is from 1 to 500'],
    ['after', '{ frames(after: "x") { readAt } }', 'endCursor'],
    ['asOf', '{ stations(asOf: "yesterday") { readAt } }', 'DateTime'],
    [
      'asOf',
      '{ energy(from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z", asOf: "g0.zzz") { readAt } }',
      'not folded yet',
    ],
    [
      'filter.from',
      '{ exchanges(filter: { from: "2026-01-02T00:00:00Z", to: "2026-01-01T00:00:00Z" }) { readAt } }',
      'is after to',
    ],
    ['filter.from', '{ frames(filter: { from: "today" }) { readAt } }', 'RFC 3339'],
    [
      'filter.direction',
      '{ frames(filter: { direction: SIDEWAYS }) { readAt } }',
      'STATION_TO_CSMS, CSMS_TO_STATION',
    ],
    ['to', '{ uptime(from: "2026-01-01T00:00:00Z") { readAt } }', 'required'],
    ['statoin', '{ stations(statoin: ["CP"]) { readAt } }', 'station'],
  ])('names %s, and the fix', async (argument, query, fix) => {
    const error = await errorOf(query);
    expect(error.extensions).toEqual({ code: expect.any(String) as string, argument });
    expect(error.message).toContain(fix);
    expect(logged.map(({ level }) => level)).toEqual(['debug']);
  });

  it('names a variable by its path', async () => {
    const query = 'query ($filter: FrameFilter) { frames(filter: $filter) { readAt } }';
    const error = await errorOf(query, { filter: { action: [1] } });
    expect(error.extensions).toEqual({ code: 'BAD_USER_INPUT', argument: '$filter.action[0]' });
  });

  it('of the store says nothing of its tables or files, and is logged once', async () => {
    fails = new StoreError('unreachable', 'SELECT secret FROM records: /var/lib/chdb is gone');
    const error = await errorOf('{ frames { readAt } }').finally(() => (fails = undefined));
    expect(JSON.stringify(error)).not.toMatch(/SELECT|records|\/var|unreachable/);
    expect(error).toMatchObject({ path: ['frames'], extensions: { code: 'INTERNAL_SERVER_ERROR' } });
    expect(logged).toMatchObject([{ level: 'error', what: { err: { failure: 'unreachable' } } }]);
  });

  it('for want of time says how to ask for less', async () => {
    fails = new StoreError('too-slow', 'Timeout exceeded: SELECT …');
    const error = await errorOf('{ frames { readAt } }').finally(() => (fails = undefined));
    expect(error.extensions).toEqual({ code: 'TOO_MUCH' });
    expect(error.message).toMatch(/takes longer than it may: ask for fewer stations, or a shorter period/);
  });
});
