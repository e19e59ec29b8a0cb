import { afterAll, beforeAll, describe, it } from 'vitest';
import { offerServers, type Servers } from './cluster/servers.ts';
import { sealedServers } from './sealing/servers.ts';
import { importing } from './shared-log/importing.ts';
import { threeGateways } from './shared-log/three-gateways.ts';
import { twoGateways } from './shared-log/two-gateways.ts';

const offer = offerServers();
if ('missing' in offer) it.skip(`a log that gateways share (${offer.missing})`, () => undefined);
else {
  let servers: Servers;
  beforeAll(async () => {
    servers = await offer.start();
  });
  afterAll(() => servers.stop());
  const here = () => servers;

  describe('an import into a log that gateways share', { timeout: 120_000 }, () => {
    importing(here);
  });

  describe('a spool, a broker, a server of tables and all that our processes say', () => {
    sealedServers(here);
  });

  describe('three gateways behind a balancer', { timeout: 120_000 }, () => {
    threeGateways(here);
  });

  describe('two gateways that share a log', { timeout: 120_000 }, () => {
    twoGateways(here);
  });
}
