import { once } from 'node:events';
import type { RPCClient } from 'ocpp-rpc';
import { expect } from 'vitest';
import { strictCsms, strictStation } from '../central-system/rpc.ts';
import type { Script } from './script.ts';

const UP = /Point a station at +(\S+)\/<station>/;
const PASSWORD = 'what-the-csms-knows';
/** As on the page. */
const KEY = '0123456789abcdef0123456789abcdef01234567';
const ANSWERS = {
  BootNotification: { status: 'Accepted', currentTime: '2026-11-21T08:00:00Z', interval: 300 },
};
const CALL = ['BootNotification', { chargePointVendor: 'Nordic', chargePointModel: 'One' }] as const;

/** Somebody's CSMSes and chargers: ocpp-rpc, which holds both sides to the schemas of OCPP 1.6. */
export async function putTheTap(): Promise<Script> {
  const csms = await strictCsms(ANSWERS, [PASSWORD, KEY]);
  const other = await strictCsms(ANSWERS);
  let first: RPCClient | undefined;
  let ended: Promise<unknown> = Promise.resolve();

  /** A charger is where the page says that it is pointed at. */
  const connect = ([, endpoint = '']: RegExpExecArray, identity: string, password = PASSWORD) =>
    strictStation(endpoint.replace('0.0.0.0', '127.0.0.1'), identity, { password });

  /** One comes, boots and leaves. */
  const visit = async (said: RegExpExecArray, identity: string, password?: string) => {
    const charger = await connect(said, identity, password);
    await charger.call(...CALL);
    await charger.close({});
  };

  return {
    own: { 'ws://your-csms:8180': csms.url, 'ws://other-csms:8180': other.url },
    steps: {
      'CHARGEPROOF_GATEWAY_UPSTREAM=': {
        stays: UP,
        then: async (said) => {
          first = await connect(said, 'CP-1');
          ended = once(first, 'close');
          await first.call(...CALL);
          expect(csms.knocks).toEqual([
            { path: '/ocpp/CP-1', subprotocols: ['ocpp1.6'], password: PASSWORD },
          ]);
          expect(csms.asked).toEqual([['CP-1', ...CALL]]);
          await expect(connect(said, 'CP-4', 'wrong')).rejects.toMatchObject({ code: 401 });
        },
      },
      'npx chargeproof status\n': { shows: [/^Tables are \d+ records behind/m, /^ {2}CP-1 /m] },
      "npx chargeproof query '{ frames": { shows: [/"CSMS_TO_STATION"/, /"BootNotification"/] },
      "npx chargeproof query '{ connections": { shows: [/"REFUSED"/, /401/, /upstream-refused/] },
      'CHARGEPROOF_GATEWAY_ROUTES=': {
        stays: UP,
        then: async (said) => {
          expect(await ended).toMatchObject([{ code: 1001 }]);
          const before = csms.knocks.length;
          for (const identity of ['CP-1', 'CP-2', 'CP-3']) await visit(said, identity);
          expect(csms.knocks.slice(before).map(({ path }) => path)).toEqual([
            '/ocpp/CP-1',
            '/ocpp/fleet/CP-3',
          ]);
          expect(other.knocks.map(({ path }) => path)).toEqual(['/ocpp/CP-2']);
        },
      },
      'CHARGEPROOF_GATEWAY_HOST=0.0.0.0 CHARGEPROOF_GATEWAY_CREDENTIALS=': {
        stays: UP,
        then: async (said) => {
          await visit(said, 'CP-1', KEY);
          expect(csms.knocks.at(-1)).toMatchObject({ password: KEY });
          await expect(connect(said, 'CP-1')).rejects.toMatchObject({ code: 401 });
          await expect(connect(said, 'CP-2')).rejects.toMatchObject({ code: 404 });
          await csms.close();
          await expect(connect(said, 'CP-1', KEY)).rejects.toMatchObject({ code: 502 });
        },
      },
      'CHARGEPROOF_GATEWAY_TLS_CERTIFICATE=': {
        triedBy: 'test/e2e/security-profiles.spec.ts',
        words: "name('tlsCertificate')",
      },
      'npx chargeproof status --json': { shows: [/"kind":"unwatched"/] },
    },
    close: async () => {
      await first?.close({});
      await Promise.all([csms.close(), other.close()]);
    },
  };
}
