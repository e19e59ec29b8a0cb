import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryLog, type Log, LogAway, type MemoryLog } from '@chargeproof/log';
import type { LoggedRecord } from '@chargeproof/record';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decisions, request, SEALING } from '../testing/asked-commands.ts';
import { blocked, BY, decide } from '../testing/decided.ts';
import { RecorderUnderTest } from '../testing/recorder-under-test.ts';
import { until } from '../testing/until.ts';
import { station } from '../testing/wire.ts';
import { withDecisionReads } from '../testing/wrapped-log.ts';
import { KnownPolicy } from './known-policy.ts';

let folder: string;
let file: string;
let troubles: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chargeproof-known-'));
  file = join(folder, 'policy.jsonl');
  troubles = [];
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const onTrouble = ({ message }: Error) => troubles.push(message);
const known = (commandsFrom: () => number | undefined = () => undefined) =>
  new KnownPolicy({ file, commandsFrom, onTrouble });

/** One life of it, from where it stood. @returns what was given of the log */
async function life(log: MemoryLog, policy = known()): Promise<readonly LoggedRecord[]> {
  const from = await policy.beginAt(log);
  const given = (await decisions(log)).slice(from);
  for (const record of given) policy.take(record);
  await policy.close();
  return given;
}
const listed = (policy: KnownPolicy) =>
  Array.from(policy.idTagsOf('default')?.idTags.values() ?? [], ({ status }) => status);

describe('a gateway whose log cannot be read when it starts', () => {
  it('answers by what was decided before, says so, and reads on when the log is back', async () => {
    const log = createMemoryLog();
    await decide(log, blocked('LOST-42'));
    const alone = (wrap = (bare: MemoryLog): Log => bare) =>
      RecorderUnderTest.start(
        { upstream: undefined },
        { ...SEALING, log, policyFile: file, onTrouble, wrap },
      );
    await (await alone())[Symbol.asyncDispose]();
    await decide(log, blocked('NEW-42'));
    expect(troubles).toEqual([]);

    let isAway = true;
    const froms: (number | undefined)[] = [];
    await using recorder = await alone(() =>
      withDecisionReads(log, (asked) => {
        if (asked.maxRecords > 1) froms.push(asked.from.get(0));
        return isAway ? Promise.reject(new LogAway('the brokers are away')) : log.read(asked);
      }),
    );
    const charger = await station(recorder.url('/ocpp/CP-1'));
    const status = async (idTag: string) => {
      const count = charger.texts.length;
      charger.send(`[2,"m","Authorize",{"idTag":"${idTag}"}]`);
      await until(() => charger.texts.length > count);
      return charger.texts.at(-1);
    };
    expect(await status('lost-42')).toContain('"Blocked","parentIdTag":"P"');
    expect(await status('NEW-42')).toContain('Accepted');
    expect(troubles).toEqual([
      'commands wait for the log: the brokers are away',
      expect.stringMatching(
        /^stations are answered by what was decided until 20\d\d-\S+Z: the brokers are away$/,
      ),
    ]);
    isAway = false;
    await until(async () => (await status('NEW-42'))?.includes('Blocked') === true);
    expect(new Set(froms)).toEqual(new Set([1, 2]));
  });
});

/** Whole, and of another fold. */
function ofVersion(version: number) {
  return (text: string) => {
    const lines = text.split('\n').slice(0, -2);
    const body = `${lines.join('\n').replace('"policy":1', `"policy":${version}`)}\n`;
    return `${body}${createHash('sha256').update(body).digest('hex')}\n`;
  };
}

describe('what is known of a policy', () => {
  it('is read on from where it stood, and from commands that are not over before', async () => {
    const log = createMemoryLog();
    await decide(log, blocked('A'));
    await log.append('platform.decisions', [request('c')]);
    await decide(log, blocked('B'));
    expect(
      await life(
        log,
        known(() => 1),
      ),
    ).toHaveLength(3);
    await decide(log, { ...BY, updateType: 'Differential', localAuthorizationList: [{ idTag: 'A' }] });
    const next = known();
    expect(listed(next)).toEqual(['Blocked', 'Blocked']);
    const given = await life(log, next);
    expect(given.map(({ position }) => position.offset)).toEqual([1, 2, 3]);
    expect(listed(next)).toEqual(['Blocked']);
    expect(await life(log)).toEqual([]);
    expect(troubles).toEqual([]);
  });

  it('knows the parts of a list that are there', async () => {
    const log = createMemoryLog();
    const part = (number: number) =>
      decide(log, { ...blocked(`T${number}`), updateType: 'Full', part: number, parts: 2 });
    await part(2);
    await life(log);
    await part(1);
    const next = known();
    expect(listed(next)).toEqual([]);
    await life(log, next);
    expect(listed(next)).toEqual(['Blocked', 'Blocked']);
  });

  it('is kept for its owner alone, in stand-ins', async () => {
    const log = createMemoryLog();
    await decide(log, blocked('LOST-42'));
    await life(log);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'latin1')).toContain('Blocked');
    expect(readFileSync(file, 'latin1')).not.toMatch(/lost-42/i);
    expect(readdirSync(folder)).toEqual(['policy.jsonl']);
  });

  it.each<[what: string, damage: (text: string) => string, why: string]>([
    ['nothing', () => '', 'it is damaged'],
    ['half of it', (text) => text.slice(0, text.length / 2), 'it is damaged'],
    ['another status', (text) => text.replace('Blocked', 'Accepted'), 'it is damaged'],
    ['no line', () => 'x', 'it is damaged'],
    ['another version', ofVersion(99), 'it is of version 1.99, and this is 1.1'],
  ])(
    'is put aside where the file holds %s, and the log is read from its beginning',
    async (_, damage, why) => {
      const log = createMemoryLog();
      await decide(log, blocked('A'));
      await life(log);
      writeFileSync(file, damage(readFileSync(file, 'utf8')));
      const next = known();
      expect(listed(next)).toEqual([]);
      expect(await life(log, next)).toHaveLength(1);
      expect(listed(next)).toEqual(['Blocked']);
      expect(troubles).toEqual([
        `${file} is put aside: ${why}; what was decided is read from the beginning of the log`,
      ]);
      expect(existsSync(`${file}.unusable`)).toBe(true);
      expect(listed(known())).toEqual(['Blocked']);
    },
  );

  it('is of one log: where that record is not, or another generation, it is put aside', async () => {
    const log = createMemoryLog();
    await decide(log, blocked('A'));
    await decide(log, blocked('B'));
    await life(log);
    const kept = readFileSync(file);
    const shorter = createMemoryLog();
    await decide(shorter, blocked('C'));
    const another = createMemoryLog({ clock: () => 7 });
    await decide(another, blocked('A'));
    await decide(another, blocked('B'));
    const grown = { generation: 1, read: log.read.bind(log) };
    for (const other of [shorter, another, grown]) {
      writeFileSync(file, kept);
      const next = known();
      expect(await next.beginAt(other)).toBe(0);
      expect(listed(next)).toEqual([]);
      expect(troubles.splice(0)).toEqual([expect.stringContaining('it is of another log')]);
      expect(existsSync(file)).toBe(false);
    }
  });

  it('is not lost where it cannot be asked of the log', async () => {
    const log = createMemoryLog();
    await decide(log, blocked('A'));
    await life(log);
    const next = known();
    const away = { generation: 0, read: () => Promise.reject(new LogAway('away')) };
    await expect(next.beginAt(away)).rejects.toThrow('away');
    await next.close();
    expect(listed(known())).toEqual(['Blocked']);
  });
});
