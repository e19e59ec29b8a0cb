import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryLog } from '@chargeproof/log';
import { type Appended, GatewayRun, second, STATION } from '@chargeproof/projection/testing';
import {
  completenessOfPeriod,
  frameList,
  frontierNow,
  PROJECTIONS,
  sortKeyOf,
} from '@chargeproof/projections';
import { FRAME_PARTITIONS } from '@chargeproof/record';
import { openEmbeddedStore } from '@chargeproof/store';
import type { Store } from '@chargeproof/tables';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { foldAll } from '../fixtures/projector.ts';

const folder = mkdtempSync(join(tmpdir(), 'chargeproof-generations-'));
let store: Store;

/** A gateway's run writes into a log and goes on in the next generation of it, where offsets begin anew; there it dies. */
function twoGenerations(): readonly (readonly Appended[])[] {
  const [older, newer]: [Appended[], Appended[]] = [[], []];
  let log = older;
  const run = (name: string, began: number) =>
    new GatewayRun(began, 0, name, FRAME_PARTITIONS, (one) => log.push(one));
  const died = run('aaaaaa', second(0));
  const talk = (from: number, frames: number) => {
    const socket = died.open(second(from - 1), STATION);
    for (let at = from; at < from + frames; at += 1)
      died.frame(second(at), socket, 'station-to-csms', '[2,"1","Heartbeat",{}]');
  };
  died.start(60);
  talk(10, 6);
  log = newer;
  died.tick(second(35), 60);
  talk(40, 3);
  run('bbbbbb', second(100)).start(60, { run: died.id, endedCleanly: false });
  // A record of the older one again, at the offset that it has there.
  newer.splice(SAME_OFFSET, 0, ...older.slice(SAME_OFFSET, SAME_OFFSET + 1));
  return [older, newer];
}
const SAME_OFFSET = FRAME_PARTITIONS + 1;
const FRAMES = 6 + 3 + 1;
const CONNECTIONS = 2;

beforeAll(async () => {
  store = await openEmbeddedStore({ path: folder, threadPoolSize: 16, durable: false });
  for (const [generation, appended] of twoGenerations().entries()) {
    const log = createMemoryLog({ generation });
    await log.append(
      'ocpp.frames',
      appended.map(({ partition, record }) => ({ ...record, partition })),
    );
    await (await foldAll(log, store, {}, PROJECTIONS)).stop();
    await log.close();
  }
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

it('what a dead gateway leaves unknown begins with its last record, though others have higher offsets', async () => {
  const frontier = await frontierNow(store);
  expect(frontier.generation).toBe(1);
  const ask = { ...STATION, station: [STATION.station], from: second(0), to: second(200), frontier };
  const [entry] = await completenessOfPeriod(store, ask);
  const unclean = entry?.gaps.filter(({ kind }) => kind === 'unclean-start');
  expect(unclean?.map(({ from, to }) => [from, to])).toEqual(
    Array.from({ length: CONNECTIONS }, () => [second(42), second(100)]),
  );
});

it('a record that stands at one offset in both is given twice, page by page', async () => {
  const frontier = await frontierNow(store);
  const ids: string[] = [];
  let behind: readonly (string | number)[] | undefined;
  do {
    const after = behind && { behind, frontier };
    const { rows, order } = await frameList.page(store, {
      filter: { tenant: STATION.tenant },
      frontier,
      first: 1,
      after,
    });
    ids.push(...rows.map(({ id }) => id));
    behind = rows[0] && sortKeyOf(order, rows[0]);
  } while (behind !== undefined);
  expect(ids).toHaveLength(FRAMES);
  expect(new Set(ids).size).toBe(FRAMES - 1);
});
