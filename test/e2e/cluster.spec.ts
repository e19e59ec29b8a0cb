import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it, vi } from 'vitest';
import { DemosOnServers, type DemoSpace } from './cluster/demo.ts';
import { halfSet } from './cluster/half-set.ts';
import { oneRecord } from './cluster/one-record.ts';
import { offerServers, ownName, type Servers } from './cluster/servers.ts';

vi.setConfig({ testTimeout: 300_000 });

// The platform as on the embedded profile, the log on a Kafka broker and the tables on a ClickHouse server.
const offer = offerServers();
if ('missing' in offer) {
  it.skip(`the platform on Kafka and ClickHouse (${offer.missing})`, () => undefined);
} else {
  let space: Servers & DemoSpace;
  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'chargeproof-cluster-'));
    space = { ...(await offer.start()), folder, prefix: `${ownName('demo')}.`, database: ownName('cluster') };
  });
  const here = () => space;
  const demos = new DemosOnServers(here);
  afterAll(async () => {
    demos.stop();
    await space.stop();
    rmSync(space.folder, { recursive: true, force: true });
  });

  describe('npm run demo', () => {
    demos.begins();
  });
  describe('one server of two', () => {
    halfSet(here);
  });
  describe('npm run demo, meanwhile', () => {
    demos.ends();
  });
  describe('the record', () => {
    oneRecord(here);
  });
}
