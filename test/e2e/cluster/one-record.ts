import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { threadPoolSize } from '@chargeproof/config';
import { type AppendRequest, createMemoryLog, type Log, type LogReader } from '@chargeproof/log';
import { drain } from '@chargeproof/log/testing';
import { openKafkaLog } from '@chargeproof/log-kafka';
import { openSqliteLog } from '@chargeproof/log-sqlite';
import type { LoggedRecord } from '@chargeproof/record';
import { openEmbeddedStore, openServerStore } from '@chargeproof/store';
import type { Store } from '@chargeproof/tables';
import { expect, it } from 'vitest';
import { mixedTraffic } from '../../crash/mixed-traffic.ts';
import { countRows, digestsOf, doubled, foldAll } from '../../fixtures/projector.ts';
import { type DemoSpace, databaseOf, topicPrefixOf } from './demo.ts';
import type { Servers } from './servers.ts';

/** What the demo's devices do not do: imports, wrong clocks, a spool that is drained late, answers that never came. */
const MORE = { stations: 8, calls: 600, seed: 29, late: 0.2 };
const RECORDED_ACTIONS = 120;

/** What two demos recorded and folded, record for record on the other profile; then more, on both. */
export function oneRecord(here: () => Servers & DemoSpace): void {
  it('comes to the same read models on either profile, and to others where one record is missing', async () => {
    const path = join(here().folder, 'chdb');
    mkdirSync(path);
    const chdb = (database: string) =>
      openEmbeddedStore({ path, database, threadPoolSize: threadPoolSize() });
    const sqlite = await openSqliteLog({ folder: join(here().folder, 'sqlite') });
    const kafka = await openKafkaLog({
      ...{ brokers: here().broker.brokers, topicPrefix: topicPrefixOf(here()) },
      ...{ clientId: 'chargeproof-test', replication: 1 },
    });
    const embedded = await chdb('whole');
    const server = await openServerStore({ ...here().clickhouse, database: databaseOf(here()) });

    const played = await drain(kafka);
    await sqlite.append('ocpp.frames', played.map(again));
    // The end of a run is logged when its projector is gone.
    const live = await folded(kafka, server);
    expect(await folded(sqlite, embedded)).toEqual(live);

    const more = mixedTraffic(MORE, RECORDED_ACTIONS);
    for (const log of [sqlite, kafka]) await log.append('ocpp.frames', more);
    const whole = await folded(sqlite, embedded);
    expect(await folded(kafka, server)).toEqual(whole);
    expect(whole).not.toEqual(live);
    for (const store of [embedded, server]) {
      expect(await countRows(store, 'records')).toBe(played.length + more.length);
      expect(new Set(Object.values(await doubled(store)))).toEqual(new Set([0]));
    }

    const lacking = await chdb('lacking');
    const left = played.map(again).toSpliced(middleFrame(played), 1);
    expect(await folded(await logOf(left), lacking)).not.toEqual(live);
    await Promise.all([sqlite, kafka, embedded, server, lacking].map((each) => each.close()));
  });
}

/** With the same id, times and ticks, in the same partition; when it is logged is each log's own. */
const again = ({ key, attributes, value, position: { partition } }: LoggedRecord): AppendRequest => ({
  ...{ key, attributes, value, partition },
});

async function folded(log: LogReader, store: Store): Promise<Readonly<Record<string, string>>> {
  const engine = await foldAll(log, store);
  await engine.stop();
  return digestsOf(store);
}

async function logOf(records: readonly AppendRequest[]): Promise<Log> {
  const log = createMemoryLog();
  await log.append('ocpp.frames', records);
  return log;
}

function middleFrame(records: readonly LoggedRecord[]): number {
  const frames = records.flatMap(({ attributes }, index) =>
    attributes.type === 'ocpp.frame.v1' ? [index] : [],
  );
  return frames[Math.floor(frames.length / 2)] ?? 0;
}
