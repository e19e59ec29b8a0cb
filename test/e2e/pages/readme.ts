import { strictStation } from '../central-system/rpc.ts';
import type { Script } from './script.ts';

const STATION = 'CP-1';
const at = (minute: number) => new Date(Date.now() - (60 - minute) * 60_000).toISOString();

/** A person with one charger, who has not met us before. */
export const readme = (): Promise<Script> =>
  Promise.resolve({
    steps: {
      'npm run demo ': { triedBy: 'test/e2e/demo.spec.ts', words: "describe('npm run demo'" },
      'npm test': { untried: 'it is what runs this' },
      'npm run --silent demo': { triedBy: 'test/e2e/demo.spec.ts', words: "'--once', '--json'" },
      'npm start': {
        stays: /Point a station at +(\S+)\/<station>/,
        then: ([, endpoint = '']) => charge(endpoint),
      },
      CHARGEPROOF_GATEWAY_UPSTREAM: {
        triedBy: 'test/e2e/pages/put-the-tap.ts',
        words: 'CHARGEPROOF_GATEWAY_UPSTREAM=',
      },
      'npx chargeproof status': { shows: [new RegExp(`^ {2}${STATION} `, 'm')] },
      'npx chargeproof transactions': {
        prints: [new RegExp(` ${STATION} .* 7500 +METER_START_STOP MEASURED`)],
      },
      'npx chargeproof query': {
        shows: [/"energyWh": "7500"/, /StartTransaction.*"?meterStart/, /"readAt"/],
      },
    },
  });

/** One transaction of 7.5 kWh, answered by the built-in central system. */
async function charge(endpoint: string): Promise<void> {
  const charger = await strictStation(endpoint, STATION);
  await charger.call('BootNotification', { chargePointVendor: 'Nordic', chargePointModel: 'One' });
  const { transactionId } = (await charger.call('StartTransaction', {
    connectorId: 1,
    idTag: 'TAG',
    meterStart: 1000,
    timestamp: at(0),
  })) as { transactionId: number };
  await charger.call('StopTransaction', { transactionId, meterStop: 8500, timestamp: at(50) });
  await charger.close({});
}
