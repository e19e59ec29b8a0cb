/**
 * One of several projectors that share a log on Kafka and a ClickHouse server. Connects, says `ready`, and joins
 * when it is told to. Says which partitions it holds and how many records it has written, after each commit.
 * Told to `die`, it kills itself between the next facts and their checkpoint.
 *
 *   node test/dist/crash/kafka-projector-child.js '{"kafka": …, "store": …}'
 */
import { type KafkaOptions, openKafkaLogReader } from '@chargeproof/log-kafka';
import {
  CHECKPOINTS,
  DECISIONS,
  RECORDS,
  startSharedCopying,
  startSharedEngine,
} from '@chargeproof/projection';
import { openServerStore } from '@chargeproof/store';
import { type Row, RowText, type Store, type TableDefinition } from '@chargeproof/tables';
import { once } from 'node:events';
import { SHARED_PROJECTIONS } from './shared-projections.ts';

export type ChildSettings = {
  readonly kafka: KafkaOptions;
  readonly store: Parameters<typeof openServerStore>[0];
  /** Copies decisions, and folds nothing. */
  readonly copies?: true;
};
export type Said = { readonly ready: true } | { readonly written: number; readonly partitions: number };
export type Told = 'join' | 'die' | 'stop';

const settings = JSON.parse(process.argv[2] ?? '') as ChildSettings;
const told = new Set<Told>();
process.on('message', (word: Told) => told.add(word));

const say = (said: Said) => process.send?.(said);
const log = await openKafkaLogReader(settings.kafka);
const store = await openServerStore(settings.store);
say({ ready: true });
await once(process, 'message');

const TABLES = settings.store.database;
let written = 0;
const member = settings.copies ? copier() : projector();
while (!told.has('stop')) await Promise.race([once(process, 'message'), member.failed]);
await member.stop();
await log.close();
await store.close();
process.exit();

function projector() {
  const engine = startSharedEngine({
    log,
    store: dyingAtCheckpoint(store),
    projections: SHARED_PROJECTIONS,
    tables: TABLES,
    options: { readRecords: 60, batchRows: 400, statesRecords: 500, rest: 0 },
    onCommit: () => {
      say({ written, partitions: engine.positions().size });
    },
  });
  return engine;
}

function copier() {
  const onCommit = () => {
    say({ written, partitions: 1 });
  };
  return startSharedCopying({ log, store: dyingAtCheckpoint(store), tables: TABLES, onCommit });
}

/** Counts the records that are written, and dies where the facts of a batch are in and its checkpoint is not. */
function dyingAtCheckpoint(store: Store): Store {
  return {
    ensureTables: (tables) => store.ensureTables(tables),
    select: (...query) => store.select(...query),
    close: () => store.close(),
    async insert(table, rows) {
      if (told.has('die') && written > 0 && isOfFacts(table, rows)) process.kill(process.pid, 'SIGKILL');
      await store.insert(table, rows);
      if (table === RECORDS && rows instanceof RowText) written += rows.count;
      if (table === DECISIONS && !(rows instanceof RowText)) written += rows.length;
    },
  };
}

function isOfFacts(table: TableDefinition, rows: readonly Row[] | RowText): boolean {
  return table === CHECKPOINTS && !(rows instanceof RowText) && rows[0]?.kind === 'facts';
}
