import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { SETTINGS } from '../testing/recorder-under-test.ts';
import { readRoutes } from './routes.ts';

const folder = mkdtempSync(join(tmpdir(), 'chargeproof-routes-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
const UPSTREAM = 'ws://csms.example/ocpp';
const station = (name: string, tenant = 'default') => ({ tenant, station: name });

function routesOf(content: unknown, upstream?: string) {
  const routes = join(folder, 'routes.json');
  writeFileSync(routes, typeof content === 'string' ? content : JSON.stringify(content));
  return readRoutes({ ...SETTINGS, upstream, routes, tenants: ['acme'] });
}

describe('routes', () => {
  it('lead a station to its own upstream, to the built-in system, or to the common upstream', () => {
    const routes = routesOf({ 'CP-1': 'wss://own.example/{station}', 'acme/CP%2F2': 'built-in' }, UPSTREAM);
    expect(routes.upstreamOf(station('CP-1'))).toBe('wss://own.example/{station}');
    expect(routes.upstreamOf(station('CP/2', 'acme'))).toBeUndefined();
    expect(routes.upstreamOf(station('CP/2'))).toBe(UPSTREAM);
  });

  it('without any upstream all lead to the built-in system', () => {
    expect(readRoutes(SETTINGS).upstreamOf(station('CP-1'))).toBeUndefined();
    expect(routesOf({ 'CP-1': UPSTREAM }).upstreamOf(station('CP-2'))).toBeUndefined();
  });

  it.each([
    [{ 'CP-1': 'http://csms.example' }, /sends "CP-1" to what is neither a ws\(s\) URL nor "built-in"$/],
    [{ 'CP-1': 'builtin' }, /sends "CP-1" to/],
    [{ 'CP-1': { upstream: UPSTREAM } }, /sends "CP-1" to/],
    [{ 'a/b/c': UPSTREAM }, /names "a\/b\/c", which is no \[tenant\/\]station$/],
    [{ 'other/CP-1': UPSTREAM }, /names "other\/CP-1", whose tenant is not in CHARGEPROOF_GATEWAY_TENANTS$/],
    [['CP-1'], /is no JSON object of stations/],
    ['{"CP-1":', /is no JSON object of stations/],
  ])('of %j say in one line what is wrong', (content, message) => {
    expect(() => routesOf(content)).toThrow(message);
    expect(() => routesOf(content)).toThrow(/^CHARGEPROOF_GATEWAY_ROUTES: [^\n]*$/);
  });

  it('that are not there are named', () => {
    const missing = () => readRoutes({ ...SETTINGS, routes: join(folder, 'none.json') });
    expect(missing).toThrow(/^CHARGEPROOF_GATEWAY_ROUTES: \S+none\.json cannot be read \(ENOENT\)$/);
  });
});
