import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataLayout, variableName } from '@chargeproof/config';
import { openKeyring } from '@chargeproof/keyring';
import { drain } from '@chargeproof/log/testing';
import { type KafkaOptions, openKafkaLogReader, takeTurn } from '@chargeproof/log-kafka';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RunningCommand } from '../cli/command.ts';
import { type Report, trace } from '../importing/folder.ts';
import { ownName, type Servers } from '../cluster/servers.ts';

const STATIONS = 6;
const SMALL = 60;
const LARGE = 8_000;

/** Recordings into and out of the log on Kafka, by whoever has its key file. */
export function importing(here: () => Pick<Servers, 'broker' | 'log'>): void {
  let root: string;
  let options: KafkaOptions;
  let settings: Readonly<Record<string, string>>;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'chargeproof-shared-import-'));
    const topicPrefix = `${ownName('import')}.`;
    options = { brokers: here().broker.brokers, clientId: 'chargeproof-test', topicPrefix, replication: 1 };
    settings = here().log(topicPrefix);
  });
  afterAll(() => {
    rmSync(root, { recursive: true, force: true });
  });

  const folder = (name = 'data') => join(root, name);
  const recording = (name: string, frames: number) => {
    const file = join(root, name);
    const line = (at: number) =>
      trace(
        new Date(Date.UTC(2026, 2, 1) + 1000 * at).toISOString(),
        `[2,"${name}-${at}","Authorize",{"idTag":"TAG-${at}"}]`,
        `CP-${at % STATIONS}`,
      );
    writeFileSync(file, Array.from({ length: frames }, (_, at) => line(at)).join(''));
    return file;
  };
  const start = (file: string, data = folder()) =>
    new RunningCommand(['import', '--json', '--data', data, file], settings);
  const brought = async (file: string) => {
    const { code, stdout, stderr } = await start(file).finished;
    expect(code, stderr).toBe(0);
    return JSON.parse(stdout) as Report;
  };
  /** Ids of all frames in the log; an id that is there twice is there twice. */
  const frames = async () => {
    const log = await openKafkaLogReader(options);
    const records = await drain(log);
    await log.close();
    return records
      .filter(({ attributes }) => attributes.type === 'ocpp.frame.v1')
      .map(({ attributes }) => attributes.id);
  };

  it('says that there is no log to export, and makes none', async () => {
    for (let time = 0; time < 2; time += 1) {
      const { code, stderr } = await new RunningCommand(['export', '--data', folder()], settings).finished;
      expect([code, stderr]).toEqual([
        1,
        expect.stringMatching(/^there is no log on [^\n]*: no topic \S+ocpp.frames [^\n]*\n$/),
      ]);
    }
  });

  it('brings each frame once, however often, and gives it back byte for byte', async () => {
    const file = recording('small', SMALL);
    expect(await brought(file)).toMatchObject({ frames: SMALL, alreadyKnown: 0 });
    expect(await brought(file)).toMatchObject({ frames: 0, alreadyKnown: SMALL });
    const { stdout } = await new RunningCommand(['export', '--data', folder()], settings).finished;
    const raw = stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => (JSON.parse(line) as { raw: string }).raw);
    expect(raw.toSorted()).toEqual(
      Array.from(
        { length: SMALL },
        (_, at) => `[2,"small-${at}","Authorize",{"idTag":"TAG-${at}"}]`,
      ).toSorted(),
    );
  });

  it('takes no other key file than the one that is named there', async () => {
    await openKeyring(dataLayout(folder('stranger')).keys);
    const { code, stderr } = await start(recording('strange', 1), folder('stranger')).finished;
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^key file \S+\/stranger\/keys\/keys.json is another one \([^\n]+\n$/),
    ]);
    const { stderr: missing } = await start(recording('strange', 1), folder('nothing')).finished;
    expect(missing).toMatch(/^key file \S+\/nothing\/keys\/keys.json is missing: [^\n]+\n$/);
  });

  it('waits for nobody: where another one imports, from whatever folder, it says so', async () => {
    const turn = await takeTurn(options, 'import');
    cpSync(dataLayout(folder()).keys, dataLayout(folder('other')).keys, { recursive: true });
    const { code, stderr } = await start(recording('second', 1), folder('other')).finished;
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^another import into \S+ocpp.frames on \S+ is under way\n$/),
    ]);
    turn?.check();
    await turn?.release();
  });

  it('that is killed is complete and holds nothing twice when it was run again', async () => {
    const file = recording('large', LARGE);
    const before = (await frames()).length;
    const log = await openKafkaLogReader(options);
    const end = async () => [...(await log.end('ocpp.frames')).values()].reduce((sum, each) => sum + each, 0);
    const atFirst = await end();
    const killed = start(file);
    await expect.poll(end, { timeout: 60_000 }).toBeGreaterThan(atFirst + STATIONS);
    killed.signal('SIGKILL');
    await killed.finished;
    await log.close();
    const survived = (await frames()).length - before;
    expect(survived).toBeLessThan(LARGE);
    const report = await brought(file);
    expect(report.frames + report.alreadyKnown).toBe(LARGE);
    expect(report.alreadyKnown).toBeGreaterThanOrEqual(survived);
    const ids = await frames();
    expect(ids).toHaveLength(before + LARGE);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('names the setting that keeps it from the brokers', async () => {
    const wrong = { ...settings, [variableName('kafka', 'saslUsername')]: 'me' };
    const { code, stderr } = await new RunningCommand(['import', '--data', folder(), 'x'], wrong).finished;
    expect([code, stderr]).toEqual([
      2,
      `${variableName('kafka', 'saslUsername')} is set without ${variableName('kafka', 'saslMechanism')}\n`,
    ]);
  });
}
