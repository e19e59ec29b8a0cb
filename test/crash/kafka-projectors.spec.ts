import { openKafkaLog } from '@chargeproof/log-kafka';
import type { Log } from '@chargeproof/log';
import { DECISIONS, digestOfHistory } from '@chargeproof/projection';
import { commandRecord, writePayload } from '@chargeproof/record';
import { openServerStore } from '@chargeproof/store';
import { afterAll, expect, it } from 'vitest';
import { offerClickHouse } from '../fixtures/clickhouse-server.ts';
import { offerKafka } from '../fixtures/kafka-broker.ts';
import { kafkaUnderTest } from '../fixtures/kafka-topics.ts';
import { countRows, digestsOf, doubled, foldAll } from '../fixtures/projector.ts';
import { dropTestDatabase, testDatabaseName } from '../fixtures/test-database.ts';
import { ProjectorProcess } from './kafka-projector-process.ts';
import { mixedTraffic } from './mixed-traffic.ts';
import { ProjectorPair } from './projector-pair.ts';
import { SHARED_PROJECTIONS } from './shared-projections.ts';

const DEATHS = 20;
/** Logs of their own, tried at once: most of the time of a death the group waits for the dead. */
const LOGS = 2;
const COPIERS_KILLED = 2;
const SEED = 23;
/** So long the group waits for a dead member before others have its partitions. */
const SESSION_MS = 3000;
/** Nobody starts copiers again that end because a busy machine kept them from being heard. */
const COPIERS_SESSION_MS = 12_000;
/** What stations say meanwhile; they have enough to say for as long as the test may last. */
const LOAD = { records: 10, everyMs: 100 };

const [kafkaOffer, storeOffer] = [offerKafka(), offerClickHouse()];
const missing = [kafkaOffer, storeOffer].flatMap((offer) => ('missing' in offer ? [offer.missing] : []));
if ('missing' in kafkaOffer || 'missing' in storeOffer) {
  it.skip(`two projectors that share a log (${missing.join('; ')})`, () => undefined);
} else {
  const kafka = kafkaUnderTest(kafkaOffer.start);
  const server = storeOffer.start();
  afterAll(async () => {
    await kafka.stop();
    await (await server).stop();
  });

  /** Two projectors on a log of their own, one of them killed so often; what they wrote is what one writes. */
  async function killOften(times: number): Promise<void> {
    const options = { ...(await kafka.options()), sessionMs: SESSION_MS };
    const address = await server;
    const databases = [testDatabaseName(), testDatabaseName()] as const;
    const [store, fresh] = await Promise.all(
      databases.map((database) => openServerStore({ ...address, database })),
    );
    if (!store || !fresh) throw new Error('no store');
    const log = await openKafkaLog(options);
    const load = new Load(log);
    const pair = new ProjectorPair(
      () => new ProjectorProcess({ kafka: options, store: { ...address, database: databases[0] } }),
    );
    for (let deaths = 0; deaths < times;) {
      await pair.bothWrite();
      if (await pair.killOlder()) deaths += 1;
    }
    await pair.bothWrite();
    await pair.stop();
    await load.stop();

    for (const each of [store, fresh]) await (await foldAll(log, each, {}, SHARED_PROJECTIONS)).stop();
    expect(await countRows(store, 'records')).toBe(load.appended);
    expect(new Set(Object.values(await doubled(store, SHARED_PROJECTIONS)))).toEqual(new Set([0]));
    const digests = await digestsOf(store, SHARED_PROJECTIONS);
    expect(digests).toEqual(await digestsOf(fresh, SHARED_PROJECTIONS));
    for (const projection of SHARED_PROJECTIONS)
      expect(await digestOfHistory(store, projection)).toBe(digests[projection.name]);
    await log.close();
    // Each by its own: a store whose database is gone asks for nothing any more.
    await dropTestDatabase(store, databases[0]);
    await dropTestDatabase(fresh, databases[1]);
    await Promise.all([store.close(), fresh.close()]);
  }

  it(
    `fold every record once while they share the log and ${DEATHS} times one is killed before its checkpoint`,
    { timeout: 600_000 },
    async () => {
      await Promise.all(Array.from({ length: LOGS }, () => killOften(DEATHS / LOGS)));
    },
  );

  it(
    'copy every decision once, though whoever copies is killed between decisions and checkpoint',
    { timeout: 300_000 },
    async () => {
      const options = { ...(await kafka.options()), sessionMs: COPIERS_SESSION_MS };
      const address = { ...(await server), database: testDatabaseName() };
      const [store, log] = await Promise.all([openServerStore(address), openKafkaLog(options)]);
      let appended = 0;
      const decide = async (count: number) => {
        const decided = Array.from({ length: count }, (_, at) => sampleDecision(appended + at));
        await log.append('platform.decisions', decided);
        appended += count;
      };
      const started: ProjectorProcess[] = [];
      const joinOne = async () => {
        const joining = new ProjectorProcess({ kafka: options, store: address, copies: true });
        started.push(joining);
        await joining.join();
      };
      await decide(3);
      await Promise.all([joinOne(), joinOne()]);
      const dead = new Set<ProjectorProcess>();
      const copying = () => started.find((each) => !dead.has(each) && each.written > 0);
      for (let deaths = 0; deaths < COPIERS_KILLED; deaths += 1) {
        await expect.poll(copying, { timeout: 90_000 }).toBeDefined();
        const copier = copying();
        const dying = copier?.killedBeforeCheckpoint();
        await decide(2);
        expect(await dying).toBe(true);
        if (copier !== undefined) dead.add(copier);
        await Promise.all([decide(2), joinOne()]);
      }
      const offsets = async (final: 'FINAL' | '') => {
        const sql = `SELECT log_offset AS at FROM ${DECISIONS.name} ${final} ORDER BY at`;
        return (await store.select<{ at: number | string }>(sql)).map(({ at }) => Number(at));
      };
      const whole = Array.from({ length: appended }, (_, at) => at);
      await expect.poll(() => offsets('FINAL'), { timeout: 90_000 }).toEqual(whole);
      // What the dead had written was written again: it is one by its key.
      expect((await offsets('')).length).toBeGreaterThan(appended);
      await Promise.all(started.filter((each) => !dead.has(each)).map((each) => each.stop()));
      await dropTestDatabase(store, address.database);
      await Promise.all([store.close(), log.close()]);
    },
  );
}

function sampleDecision(at: number) {
  const type = 'platform.command-requested.v1';
  const subject = { tenant: 'default', station: `CP-${at}` };
  return {
    ...commandRecord(type, { subject, command: String(at), source: 'api', time: at }),
    value: writePayload(type, {
      command: String(at),
      action: 'ClearCache',
      payload: {},
      actor: 'test',
      expires: at + 1,
    }),
  };
}

/** Stations that go on talking until it is stopped. */
class Load {
  appended = 0;
  readonly #requests = mixedTraffic({ stations: 30, calls: 30_000, seed: SEED, late: 0.1 }, 400);
  readonly #log: Log;
  readonly #timer: NodeJS.Timeout;
  #under: Promise<unknown> = Promise.resolve();

  constructor(log: Log) {
    this.#log = log;
    this.#timer = setInterval(() => {
      const said = this.#requests.slice(this.appended, this.appended + LOAD.records);
      this.appended += said.length;
      this.#under = Promise.all([this.#under, this.#log.append('ocpp.frames', said)]);
    }, LOAD.everyMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#under;
  }
}
