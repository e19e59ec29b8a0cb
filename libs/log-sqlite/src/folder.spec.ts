import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { drain, sampleRecord } from '@chargeproof/log/testing';
import { describe, expect, it } from 'vitest';
import { openSqliteLog, openSqliteLogReader } from './open.ts';
import { freshFolder, openLog, openReader } from './testing/folders.ts';

/** The reason, which must be one line. */
async function refusal(opening: Promise<unknown>): Promise<string> {
  const error = await opening.then(
    () => new Error('it was opened'),
    (thrown: unknown) => thrown as Error,
  );
  expect(error.message).not.toContain('\n');
  return `${error.name}: ${error.message}`;
}

describe('the owner of a folder', () => {
  it('is one: a second opener is told so, and may own it once the first has closed', async () => {
    const folder = freshFolder();
    const log = await openLog({ folder });
    expect(await refusal(openSqliteLog({ folder }))).toBe(
      `LogOwned: the log in ${folder} is in use: another process owns it`,
    );
    await log.append('ocpp.frames', [sampleRecord('ST-1', 0)]);
    await log.close();
    const next = await openLog({ folder });
    expect(await drain(next)).toHaveLength(1);
  });

  it('is one among processes too', async () => {
    const folder = freshFolder();
    await openLog({ folder });
    const script = `import { openSqliteLog } from ${JSON.stringify(join(import.meta.dirname, 'open.ts'))};
      await openSqliteLog({ folder: ${JSON.stringify(folder)} }).catch((error) => console.log(error.name));`;
    const said = execFileSync(
      process.execPath,
      ['--conditions=@chargeproof/source', '--input-type=module', '--eval', script],
      { encoding: 'utf8' },
    );
    expect(said.trim()).toBe('LogOwned');
  });
});

describe('a folder that is no log of this format', () => {
  it('is refused when it holds anything else, and nothing is written there', async () => {
    const folder = freshFolder();
    mkdirSync(folder);
    writeFileSync(join(folder, 'thesis.doc'), '');
    const reason = `LogFailed: ${folder} is not the folder of a log: it has thesis.doc and no log.json`;
    expect(await refusal(openSqliteLog({ folder }))).toBe(reason);
    expect(await refusal(openSqliteLogReader({ folder }))).toBe(reason);
    expect(readdirSync(folder)).toEqual(['thesis.doc']);
  });

  it.each([
    ['an older format', '{"format":0,"generation":0}', /has format 0; this version reads format 1$/],
    ['a later format', '{"format":2,"generation":0}', /has format 2; this version reads format 1$/],
    ['no generation', '{"format":1}', /names no generation$/],
    ['a torn identity', '{"form', /log\.json cannot be read: it is not what a log writes there$/],
    ['another identity', 'null', /log\.json cannot be read: it is not what a log writes there$/],
  ])('is refused when it says %s', async (_what, identity, reason) => {
    const folder = freshFolder();
    await (await openLog({ folder })).close();
    writeFileSync(join(folder, 'log.json'), identity);
    expect(await refusal(openSqliteLog({ folder }))).toMatch(reason);
    expect(await refusal(openSqliteLogReader({ folder }))).toMatch(reason);
  });

  it.each([
    ['an older format', 'PRAGMA user_version = 0', /its format is 0; this version reads 1/],
    ['a program of another kind', 'PRAGMA application_id = 7', /not a file of a Chargeproof log/],
  ])('is refused when a file of it is of %s', async (_what, sql, reason) => {
    const folder = freshFolder();
    await (await openLog({ folder })).close();
    const file = readdirSync(folder).find((name) => /^\d.*\.sqlite$/.test(name)) ?? '';
    const database = new DatabaseSync(join(folder, file));
    database.exec(sql);
    database.close();
    const said = await refusal(openSqliteLog({ folder }));
    expect(said).toMatch(reason);
    expect(said).toContain(file);
  });

  it('has no log to read where there is none', async () => {
    const folder = freshFolder();
    expect(await refusal(openSqliteLogReader({ folder }))).toBe(`LogFailed: there is no log in ${folder}`);
    mkdirSync(folder);
    expect(await refusal(openSqliteLogReader({ folder }))).toBe(`LogFailed: there is no log in ${folder}`);
  });
});

describe('a folder whose making was cut short', () => {
  it.each(['log.json', 'groups.sqlite'])('is made whole by the next owner: without %s', async (missing) => {
    const folder = freshFolder();
    await (await openLog({ folder })).close();
    for (const name of [missing, 'log.json']) rmSync(join(folder, name), { force: true });
    writeFileSync(join(folder, 'log.json.new'), '{"for');
    const log = await openLog({ folder });
    await log.append('ocpp.frames', [sampleRecord('ST-1', 0)]);
    await log.commit('ocpp.frames', 'projector', new Map([[1, 1]]));
    expect(await drain(await openReader(folder))).toHaveLength(1);
    expect(JSON.parse(readFileSync(join(folder, 'log.json'), 'utf8'))).toEqual({ format: 1, generation: 0 });
  });
});
