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
const troubles: string[] = [];
const UPSTREAM = 'ws://csms.example/ocpp';
const station = (name: string, tenant = 'default') => ({ tenant, station: name });

function routesOf(content: unknown, upstream?: string) {
  const routes = join(folder, 'routes.json');
  writeFileSync(routes, typeof content === 'string' ? content : JSON.stringify(content));
  return readRoutes({ ...SETTINGS, upstream, routes, tenants: ['acme'] }, (error) =>
    troubles.push(error.message),
  );
}

describe('routes', () => {
  it('lead a station to its own upstream, to the built-in system, or to the common upstream', () => {
    const routes = routesOf({ 'CP-1': 'wss://own.example/{station}', 'acme/CP%2F2': 'built-in' }, UPSTREAM);
    expect(routes.upstreamOf(station('CP-1'))?.template).toBe('wss://own.example/{station}');
    expect(routes.upstreamOf(station('CP/2', 'acme'))).toBeUndefined();
    expect(routes.upstreamOf(station('CP/2'))?.template).toBe(UPSTREAM);
  });

  it('without any upstream all lead to the built-in system', () => {
    expect(readRoutes(SETTINGS, () => undefined).upstreamOf(station('CP-1'))).toBeUndefined();
    expect(routesOf({ 'CP-1': UPSTREAM }).upstreamOf(station('CP-2'))).toBeUndefined();
  });

  it.each([
    [{ 'CP-1': 'http://csms.example' }, /sends "CP-1" to what is neither a ws\(s\) URL nor "built-in"$/],
    [{ 'CP-1': 'builtin' }, /sends "CP-1" to/],
    [{ 'CP-1': { upstream: UPSTREAM } }, /sends "CP-1" with "upstream", which is none of url, user, /],
    [{ 'CP-1': {} }, /sends "CP-1" to what is neither/],
    [{ 'CP-1': { url: UPSTREAM, ca: 1 } }, /sends "CP-1" with "ca" that is no text$/],
    [{ 'CP-1': { url: UPSTREAM, ca: 'ca' } }, /sends "CP-1" with files of TLS to a URL that is not wss$/],
    [{ 'CP-1': { url: UPSTREAM, user: 'x' } }, /sends "CP-1" with a "user" and no "passwordFile"$/],
    [{ 'CP-1': { url: UPSTREAM, key: 'k' } }, /sends "CP-1" with only one of "certificate" and "key"$/],
    [
      { 'CP-1': { url: UPSTREAM, passwordFile: 'none' } },
      /cannot be used: \S+none cannot be read \(ENOENT\)$/,
    ],
    [{ 'a/b/c': UPSTREAM }, /names "a\/b\/c", which is no \[tenant\/\]station$/],
    [{ 'other/CP-1': UPSTREAM }, /names "other\/CP-1", whose tenant is not in CHARGEPROOF_GATEWAY_TENANTS$/],
    [['CP-1'], /is no JSON object of stations/],
    ['{"CP-1":', /is no JSON object of stations/],
  ])('of %j say in one line what is wrong', (content, message) => {
    expect(() => routesOf(content)).toThrow(message);
    expect(() => routesOf(content)).toThrow(/^CHARGEPROOF_GATEWAY_ROUTES: [^\n]*$/);
  });

  it("show a key of the file beside them in place of the station's: its bytes, of a text without the line end", () => {
    const key = Buffer.from('00ff0a', 'hex');
    writeFileSync(join(folder, 'binary'), key);
    writeFileSync(join(folder, 'text'), 'a:b\r\n');
    const routes = routesOf(
      { 'CP-1': { passwordFile: 'binary' }, 'CP-2': { user: 'other', passwordFile: join(folder, 'text') } },
      UPSTREAM,
    );
    const shown = (name: string) => {
      const header = routes.upstreamOf(station(name))?.access.value.authorization ?? '';
      return Buffer.from(header.replace('Basic ', ''), 'base64').toString('latin1');
    };
    expect(routes.upstreamOf(station('CP-1'))?.template).toBe(UPSTREAM);
    expect([shown('CP-1'), shown('CP-2'), shown('CP-3')]).toEqual(['CP-1:\0\xff\n', 'other:a:b', '']);
    writeFileSync(join(folder, 'text'), 'new');
    expect(shown('CP-2')).toBe('other:new');
    rmSync(join(folder, 'text'));
    expect([shown('CP-2'), shown('CP-2')]).toEqual(['other:new', 'other:new']);
    expect(troubles.splice(0)).toEqual([expect.stringMatching(/text cannot be read \(ENOENT\); what was/)]);
  });

  it('hold as their file says from the next station on; a damaged one changes nothing', () => {
    const routes = routesOf({ 'CP-1': 'built-in' }, UPSTREAM);
    expect(routes.upstreamOf(station('CP-1'))).toBeUndefined();
    writeFileSync(join(folder, 'routes.json'), '{"CP-1":');
    expect(routes.upstreamOf(station('CP-1'))).toBeUndefined();
    writeFileSync(join(folder, 'routes.json'), '{}');
    expect(routes.upstreamOf(station('CP-1'))?.template).toBe(UPSTREAM);
    expect(troubles.splice(0)).toEqual([expect.stringMatching(/is no JSON object of stations/)]);
  });

  it.each([
    [{ upstreamCa: 'a' }, /_UPSTREAM_CA is set, and CHARGEPROOF_GATEWAY_UPSTREAM is no wss:\/\/ URL$/],
    [{ upstreamKey: 'k' }, /_UPSTREAM_CERTIFICATE and CHARGEPROOF_GATEWAY_UPSTREAM_KEY need each other/],
    [{ upstream: 'wss://c', upstreamCa: 'none' }, /^CHARGEPROOF_GATEWAY_UPSTREAM: none cannot be read/],
  ])('with %o say what is wrong', (settings, message) => {
    expect(() => readRoutes({ ...SETTINGS, ...settings }, () => undefined)).toThrow(message);
  });

  it('that are not there are named', () => {
    const missing = () => readRoutes({ ...SETTINGS, routes: join(folder, 'none.json') }, () => undefined);
    expect(missing).toThrow(/^CHARGEPROOF_GATEWAY_ROUTES: \S+none\.json cannot be read \(ENOENT\)$/);
  });
});
