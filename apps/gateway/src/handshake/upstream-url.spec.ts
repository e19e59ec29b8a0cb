import { describe, expect, it } from 'vitest';
import { upstreamUrl } from './upstream.ts';

const url = (template: string, segment: string, query = '') =>
  upstreamUrl(template, {
    subject: { tenant: 'a b', station: decodeURIComponent(segment) },
    segment,
    query,
  }).href;

describe('the upstream URL', () => {
  it.each([
    ['ws://csms/ocpp', 'CP-1', '', 'ws://csms/ocpp/CP-1'],
    ['ws://csms/ocpp/', 'CP-1', '', 'ws://csms/ocpp/CP-1'],
    ['ws://csms', 'CP-1', '', 'ws://csms/CP-1'],
    ['ws://csms/o', 'a%2Fb%20c%3Fd', '', 'ws://csms/o/a%2Fb%20c%3Fd'],
    ['ws://csms/o', "CP:1@x$&'()", '', "ws://csms/o/CP:1@x$&'()"],
    ['ws://csms/o', 'CP', '?t=1', 'ws://csms/o/CP?t=1'],
    ['ws://csms/o?k=2', 'CP', '?t=1', 'ws://csms/o/CP?k=2&t=1'],
    ['ws://csms/o', 'CP', '?', 'ws://csms/o/CP'],
    ['ws://csms/{tenant}/x/{station}/1.6', 'C%2fP', '', 'ws://csms/a%20b/x/C%2fP/1.6'],
    ['ws://csms/{tenant}', 'CP', '', 'ws://csms/a%20b/CP'],
  ])('%s with %s%s is %s', (template, station, query, expected) => {
    expect(url(template, station, query)).toBe(expected);
  });
});
