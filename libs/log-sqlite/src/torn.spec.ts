import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LogReader } from '@chargeproof/log';
import { after, LogFailed } from '@chargeproof/log';
import { sampleRecord } from '@chargeproof/log/testing';
import type { LoggedRecord } from '@chargeproof/record';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { tmpdir } from 'node:os';
import { openSqliteLog, openSqliteLogReader } from './open.ts';
import { isPeriodFileName } from './period.ts';

const STATIONS = ['ST-1', 'ST-2', 'ST-3'];
const textOf = ({ attributes, value }: { attributes: { id: string }; value: Uint8Array }) =>
  `${attributes.id} ${Buffer.from(value).toString('latin1')}`;

/** Frames that hardly compress, so that most of a file is bodies. */
const frames = Array.from({ length: 600 }, (_, index) =>
  sampleRecord(
    STATIONS[index % 3] ?? '',
    index,
    createHash('sha512')
      .update(String(index))
      .digest('hex')
      .repeat(1 + (index % 4)),
  ),
);

/** What can be read, up to the end or to a refusal, which must be a LogFailed. */
async function readable(open: () => Promise<LogReader>): Promise<{ texts: string[]; refused: boolean }> {
  const texts: string[] = [];
  let reader: LogReader | undefined;
  try {
    reader = await open();
    for (let from: ReadonlyMap<number, number> = new Map(); ;) {
      const batch: readonly LoggedRecord[] = await reader.read({
        topic: 'ocpp.frames',
        from,
        maxRecords: 50,
        maxBytes: 1 << 20,
      });
      if (batch.length === 0) return { texts, refused: false };
      texts.push(...batch.map(textOf));
      from = after(from, batch);
    }
  } catch (error) {
    expect(error).toBeInstanceOf(LogFailed);
    expect((error as Error).message).not.toContain('\n');
    return { texts, refused: true };
  } finally {
    await reader?.close();
  }
}

/** Where in a file, as a share of it: evenly spread, because small numbers are the header only. */
const anywhere = fc.noBias(fc.nat(999_999)).map((share) => share / 1_000_000);

describe('a torn file', () => {
  let parent = '';
  /** As a power cut leaves it: all is acknowledged, half of it only in the write-ahead log. */
  let original = '';

  beforeAll(async () => {
    parent = mkdtempSync(join(tmpdir(), 'log-torn-'));
    const folder = join(parent, 'log');
    original = join(parent, 'original');
    const log = await openSqliteLog({ folder });
    for (const frame of frames.slice(0, 300)) await log.append('ocpp.frames', [frame]);
    await log.close();
    const again = await openSqliteLog({ folder });
    for (let at = 300; at < 600; at += 6) await again.append('ocpp.frames', frames.slice(at, at + 6));
    // By another process: closing a file here would give back the locks that SQLite holds on it.
    expect(spawnSync('cp', ['-r', folder, original]).status).toBe(0);
    await again.close();
    return () => {
      rmSync(parent, { recursive: true });
    };
  });

  const damages = {
    truncated: (path: string, share: number) => {
      truncateSync(path, Math.floor(readFileSync(path).length * share));
    },
    'with one bit turned': (path: string, share: number) => {
      const bytes = readFileSync(path);
      const bit = Math.floor(bytes.length * 8 * share);
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      writeFileSync(path, bytes);
    },
    'with a sector of zeros': (path: string, share: number) => {
      const bytes = readFileSync(path);
      const start = Math.floor((bytes.length * share) / 512) * 512;
      writeFileSync(path, bytes.fill(0, start, Math.min(start + 512, bytes.length)));
    },
  };

  const cases = (['', '-wal'] as const).flatMap((suffix) =>
    Object.entries(damages).map(([how, damage]) => ({
      what: suffix === '' ? 'database' : 'write-ahead log',
      suffix,
      how,
      damage,
    })),
  );

  it.each(cases)('gives what stands before the damage or refuses: $what $how', async ({ suffix, damage }) => {
    const whole = frames.map(textOf);
    let refusals = 0;
    let copies = 0;
    await fc.assert(
      fc.asyncProperty(anywhere, async (share) => {
        const copy = join(parent, `copy-${(copies += 1)}`);
        cpSync(original, copy, { recursive: true });
        const file = readdirSync(copy).find(isPeriodFileName) ?? '';
        damage(join(copy, `${file}${suffix}`), share);

        const before = await readable(() => openSqliteLogReader({ folder: copy }));
        expect(before.texts).toEqual(whole.slice(0, before.texts.length));
        if (before.refused) refusals += 1;

        const fresh = sampleRecord('ST-1', 9999, 'after the damage');
        const owner = await openSqliteLog({ folder: copy }).catch((error: unknown) => {
          expect(error).toBeInstanceOf(LogFailed);
        });
        const acknowledged = await owner?.append('ocpp.frames', [fresh]).then(
          () => true,
          (error: unknown) => {
            expect(error).toBeInstanceOf(LogFailed);
            return false;
          },
        );
        await owner?.close();
        const { texts, refused } = await readable(() => openSqliteLogReader({ folder: copy }));
        if (acknowledged && !refused) expect(texts.pop()).toBe(textOf(fresh));
        expect(texts).toEqual(whole.slice(0, texts.length));
        rmSync(copy, { recursive: true });
      }),
      { numRuns: 12 },
    );
    // Whatever was cut from the tail of the write-ahead log is gone without a trace; a database tells.
    if (suffix === '') expect(refusals).toBeGreaterThan(0);
  });
});
