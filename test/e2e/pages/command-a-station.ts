import type { RPCClient } from 'ocpp-rpc';
import { strictStation } from '../central-system/rpc.ts';
import type { Script } from './script.ts';

/** A charger that does as it is told. */
export function commandAStation(): Promise<Script> {
  let charger: RPCClient | undefined;
  return Promise.resolve({
    steps: {
      'npm start': {
        stays: /Point a station at +(\S+)\/<station>/,
        then: async ([, endpoint = '']) => {
          charger = await strictStation(endpoint, 'CP-1');
          for (const action of ['RemoteStartTransaction', 'Reset'])
            charger.handle(action, () => Promise.resolve({ status: 'Accepted' }));
          await charger.call('BootNotification', { chargePointVendor: 'Nordic', chargePointModel: 'One' });
        },
      },
      'npx chargeproof command CP-1 RemoteStartTransaction': {
        prints: [/^CP-1 RemoteStartTransaction was answered: \{"status":"Accepted"\}$/m],
      },
      'npx chargeproof command CP-1 Reset': {
        prints: [/"actor": "desk-3"/, /"reason": "the display is frozen"/, /"state": "ANSWERED"/, /\[3,/],
      },
      'npx chargeproof policy tags set 04A2B3C4': {
        prints: [/^~t\S{18}\tBlocked\tby desk-3: lost on Monday$/m],
      },
      'npx chargeproof policy stations set CP-9': {
        prints: [/^CP-9\tPending every 120 s\tby /m, /^others\tAccepted every 300 s/m, /"station":"CP-9"/],
      },
    },
    close: async () => {
      await charger?.close({});
    },
  });
}
