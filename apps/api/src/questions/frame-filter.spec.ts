import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { frameOf } from '@chargeproof/ocpp';
import { RECORDS, Subjects, toRow } from '@chargeproof/projection';
import {
  FRAME_COLUMNS,
  type FrameFilter,
  type FrameRow,
  IS_FRAME,
  toCondition,
  toPredicate,
} from '@chargeproof/projections';
import { type Attributes, effectiveTime, type LoggedRecord, recordKey } from '@chargeproof/record';
import { openEmbeddedStore } from '@chargeproof/store';
import type { SchemaStore } from '@chargeproof/tables';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

// Few values of each member, so that filters and frames meet; text of every script, odd cases and no text at all.
const WORDS = [
  '',
  'a',
  'A',
  'Größe',
  'GRÖSSE',
  'ΟΔΟΣ',
  'οδος',
  'İ',
  'ǅ',
  'Ꭰ',
  '\u{10400}',
  '\u{1f697}',
  '\0',
  "'\\%_",
];
const tenant = fc.constantFrom('default', 'acme');
const station = fc.constantFrom('CS-1', 'cs-1', '', 'Ünï/cöde');
const connection = fc.constantFrom('0h9wq3k1c00-abc123-0', '0h9wq3k1c00-abc123-1');
const run = fc.constantFrom('0h9wq3k1c00-abc123', '0h9wq3k1c00-def456');
const direction = fc.constantFrom('station-to-csms' as const, 'csms-to-station' as const);
const action = fc.constantFrom('Heartbeat', 'heartbeat', 'BootNotification');
const messageId = fc.constantFrom('1', '', 'é', '\ud800');
const STAND_INS = ['~tabcdefghijklmnopqr', '~t234567abcdefghijkl', '~tzzzzzzzzzzzzzzzzzz'] as const;
const standIn = fc.constantFrom(...STAND_INS);
const time = fc.constantFrom(0, 1, 2, 1_763_719_200_000_000, 9_007_199_254_740_991);
const word = fc.oneof(fc.constantFrom(...WORDS), fc.string({ unit: 'grapheme', maxLength: 4 }));

const call = fc
  .tuple(messageId, action, word)
  .map(([id, name, text]) => new TextEncoder().encode(JSON.stringify([2, id, name, { text }])));
const value = fc.oneof(
  call,
  word.map((text) => new TextEncoder().encode(`[3,"1",{"text":"${text}"}]`)),
  fc
    .tuple(standIn, standIn)
    .map(([one, other]) => new TextEncoder().encode(`[2,"1","A",{"idTag":"${one}","é${other}":"ä"}]`)),
  fc.constantFrom(Uint8Array.of(0x61, 0xff), Uint8Array.of(), Uint8Array.of(0xed, 0xa0, 0xbd)),
);
const record = fc
  .record({ tenant, subject: station, connection, source: run, direction: fc.option(direction), time, value })
  .map(({ value: bytes, direction: way, ...rest }, index?: number): Omit<LoggedRecord, 'position'> => {
    const attributes: Attributes = {
      id: String(index),
      type: 'ocpp.frame.v1',
      witness: 'wire',
      sequence: 0,
      ...rest,
      ...(way && { direction: way }),
    };
    const key = recordKey({ tenant: rest.tenant, station: rest.subject });
    return { key, attributes, value: bytes, loggedAt: 5 };
  });

const given = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined, freq: 1 });
const filter: fc.Arbitrary<FrameFilter> = fc.record({
  tenant,
  station: given(fc.array(station, { maxLength: 3 })),
  id: given(fc.uniqueArray(fc.nat({ max: 400 }).map(String), { minLength: 100 })),
  connection: given(connection),
  run: given(run),
  direction: given(direction),
  action: given(fc.array(action, { maxLength: 2 })),
  messageId: given(messageId),
  from: given(time),
  to: given(time),
  text: given(fc.oneof(word, fc.constant('\ud83d'))),
  idTag: given(fc.array(standIn, { maxLength: 2 })),
});
/** Most filters of many members find nothing; those of few tell the two forms apart. */
const narrow = fc.tuple(filter, fc.nat(), fc.nat()).map(([whole, one, other]): FrameFilter => {
  const names = Object.keys(whole).filter((name) => name !== 'tenant') as (keyof FrameFilter)[];
  const kept = [names[one % names.length], names[other % names.length]];
  return {
    ...Object.fromEntries(Object.entries(whole).filter(([name]) => kept.includes(name as keyof FrameFilter))),
    tenant: whole.tenant,
  };
});

describe('the search and the subscription', () => {
  const folder = mkdtempSync(join(tmpdir(), 'chargeproof-filter-'));
  let store: SchemaStore;
  let rows: readonly FrameRow[];

  beforeAll(async () => {
    store = await openEmbeddedStore({ path: folder, threadPoolSize: 16, durable: false });
    await store.ensureTables([RECORDS]);
    const records = fc.sample(record, { numRuns: 400, seed: 7 }).map((one, offset): LoggedRecord => ({
      ...one,
      attributes: { ...one.attributes, id: String(offset) },
      position: { generation: 0, partition: 0, offset },
    }));
    const subjects = new Subjects();
    await store.insert(
      RECORDS,
      records.map((one) => toRow(one, frameOf(one), effectiveTime(one.attributes), subjects)),
    );
    rows = await store.select<FrameRow>(`SELECT ${FRAME_COLUMNS} FROM records WHERE ${IS_FRAME}`);
  });
  afterAll(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('find the same frames by the same filter', async () => {
    let found = 0;
    await fc.assert(
      fc.asyncProperty(fc.oneof(filter, narrow), async (wanted) => {
        const { sql, parameters } = toCondition(wanted);
        const bySearch = await store.select<{ id: string }>(
          `SELECT id FROM records WHERE ${sql} ORDER BY log_offset`,
          parameters,
        );
        const holds = toPredicate(wanted);
        const byPredicate = rows
          .filter(holds)
          .toSorted((a, b) => Number(a.log_offset) - Number(b.log_offset));
        found += byPredicate.length;
        expect(byPredicate.map(({ id }) => id)).toEqual(bySearch.map(({ id }) => id));
      }),
      { numRuns: 200, seed: 11 },
    );
    expect(found).toBeGreaterThan(1000);
  });

  it('fold case by the same function, of every character', async () => {
    const { sql } = toCondition({ tenant: 'default', text: 'x' });
    expect(sql).toContain('lowerUTF8(value)');
    const odd = await store.select<{ character: string; lower: string }>(
      `SELECT arrayJoin(extractAll({all:String}, '.')) AS character, lowerUTF8(character) AS lower`,
      {
        all: fc
          .sample(fc.string({ unit: 'binary', minLength: 20, maxLength: 40 }), { numRuns: 400, seed: 3 })
          .join('')
          .toWellFormed(),
      },
    );
    expect(odd.length).toBeGreaterThan(1000);
    expect(odd.filter(({ character, lower }) => character.toLowerCase() !== lower)).toEqual([]);
  });
});
