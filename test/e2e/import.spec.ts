import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gzipSync } from 'node:zlib';
import { variableName } from '@chargeproof/config';
import { effectivePlace, type LoggedRecord } from '@chargeproof/record';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RunningCommand } from './cli/command.ts';
import { connect, End } from './gateway/ends.ts';
import { type GatewayProcess, startGatewayProcess } from './gateway/gateway-process.ts';
import { ofStation, payloadsOf, readEverything } from './gateway/recorded.ts';
import { exported, imported, runExport, runImport, trace } from './importing/folder.ts';

let root: string;
let data: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'chargeproof-import-'));
  data = join(root, 'data');
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function file(name: string, content: string | Uint8Array): string {
  const path = join(root, name);
  writeFileSync(path, content);
  return path;
}

const minute = (number: number) => new Date(Date.UTC(2025, 0, 1, 0, number)).toISOString();
const heartbeat = (number: number, station?: string) =>
  trace(minute(number), `[2,"${number}","Heartbeat",{}]`, station);
const answer = (number: number, station?: string) =>
  trace(minute(number), `[3,"${number}",{}]`, station, 'csms-to-cp');
const exchanges = (from: number, to: number, station?: string) =>
  Array.from(
    { length: to - from },
    (_, index) => heartbeat(from + index, station) + answer(from + index, station),
  ).join('');

const framesOf = (records: readonly LoggedRecord[]) =>
  records.filter(({ attributes }) => attributes.type === 'ocpp.frame.v1');
const textsOf = (records: readonly LoggedRecord[]) =>
  framesOf(records).map(({ value }) => Buffer.from(value).toString());

describe('import', () => {
  it('adds of a file that overlaps an earlier one what is new, and nothing for what adds nothing', async () => {
    expect(await imported(data, file('a', exchanges(0, 20)))).toMatchObject({ frames: 40, alreadyKnown: 0 });
    expect(await imported(data, file('b', exchanges(10, 30)))).toMatchObject({
      frames: 20,
      alreadyKnown: 20,
    });
    const before = await readEverything(data);
    expect(await imported(data, file('c', exchanges(5, 25)))).toMatchObject({ frames: 0, alreadyKnown: 40 });
    expect(await readEverything(data)).toEqual(before);
    expect(payloadsOf(before, 'recording.begun.v1').map(({ file: name }) => name)).toEqual(['a', 'b']);
    expect(payloadsOf(before, 'recording.ended.v1').map(({ frames }) => frames)).toEqual([40, 40]);
  });

  it('keeps frames of one file that are equal in all, and knows them when they come again', async () => {
    const thrice = file('thrice', heartbeat(1) + heartbeat(1) + heartbeat(1));
    expect(await imported(data, thrice, thrice)).toMatchObject({
      frames: 3,
      alreadyKnown: 3,
      stations: { 'CP-1': 6 },
    });
    expect(await exported(data)).toHaveLength(3);
  });

  it('puts two files of one station, in the wrong order, and a line of 2099, where they belong', async () => {
    const later = file('later', exchanges(10, 12));
    const jumping = file(
      'earlier',
      heartbeat(1) + trace('2099-01-01T00:00:00Z', '[3,"1",{}]') + heartbeat(2),
    );
    await imported(data, later);
    await imported(data, jumping);
    expect((await exported(data)).map(({ timestamp, raw }) => [timestamp, raw])).toEqual([
      [minute(1), '[2,"1","Heartbeat",{}]'],
      ['2099-01-01T00:00:00Z', '[3,"1",{}]'],
      [minute(2), '[2,"2","Heartbeat",{}]'],
      [minute(10), '[2,"10","Heartbeat",{}]'],
      [minute(10), '[3,"10",{}]'],
      [minute(11), '[2,"11","Heartbeat",{}]'],
      [minute(11), '[3,"11",{}]'],
    ]);
  });

  it('keeps times that are none, as they are written', async () => {
    const times = ['0001-01-01T00:00:00Z', '222222017-01-01', 'noon', '', '2025-01-01 00:05'];
    const odd = file('odd', times.map((time, index) => trace(time, `[3,"${index}",{}]`)).join(''));
    const { code, stderr } = await runImport(data, '--zone', 'Europe/Berlin', odd);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: `${odd}: 1 time names no zone, read as Europe/Berlin; --zone sets another\n`,
    });
    const records = framesOf(ofStation(await readEverything(data), 'CP-1'));
    expect(records.map(({ attributes }) => attributes.claimed)).toEqual(times);
    const readable = Date.UTC(2024, 11, 31, 23, 5) * 1000;
    expect(records.map(({ attributes }) => effectivePlace(attributes).time)).toEqual(Array(5).fill(readable));
    const ours = file('ours', (await runExport(data)).stdout);
    expect(await imported(data, ours)).toMatchObject({ frames: 0, alreadyKnown: 5 });
  });

  it('is complete, and holds nothing twice, when it was killed in the middle and run again', async () => {
    const frames = 16_000;
    const long = file('long', exchanges(0, frames / 4, 'CP-1') + exchanges(0, frames / 4, 'CP-2'));
    const running = new RunningCommand(['import', '--data', data, long]);
    for (let seen = 0; seen < 2000;) {
      seen = await readEverything(data).then(
        (records) => records.length,
        () => 0,
      );
    }
    running.signal('SIGKILL');
    await running.finished;
    const cut = framesOf(await readEverything(data)).length;
    expect(cut).toBeLessThan(frames);
    expect(await imported(data, long)).toMatchObject({ frames: frames - cut, alreadyKnown: cut });
    const records = await readEverything(data);
    expect(new Set(textsOf(ofStation(records, 'CP-1'))).size).toBe(frames / 2);
    expect(framesOf(records)).toHaveLength(frames);
    for (const station of ['CP-1', 'CP-2']) {
      const types = ofStation(records, station).map(({ attributes }) => attributes.type);
      expect(types.lastIndexOf('recording.ended.v1')).toBeGreaterThan(types.lastIndexOf('ocpp.frame.v1'));
    }
  });

  it('ends recordings whose import was killed behind their last frame', async () => {
    const recording = file('a', exchanges(0, 5));
    await imported(data, recording);
    const ours = (await runExport(data, '--format', 'record')).stdout.split('\n');
    const withoutEnd = file('cut', ours.filter((line) => !line.includes('recording.ended')).join('\n'));
    const other = join(root, 'other');
    await imported(other, withoutEnd);
    expect(payloadsOf(await readEverything(other), 'recording.ended.v1')).toEqual([]);
    const fromOther = file('b', (await runExport(other)).stdout);
    await imported(other, fromOther);
    expect(payloadsOf(await readEverything(other), 'recording.ended.v1')).toHaveLength(1);
  });

  it('runs once at a time in a folder', async () => {
    const recording = file('a', exchanges(0, 1));
    mkdirSync(data);
    const other = new DatabaseSync(join(data, 'import.lock'));
    other.exec('BEGIN EXCLUSIVE');
    expect(await runImport(data, recording)).toEqual({
      code: 1,
      report: undefined,
      stderr: `another import into ${data} is under way\n`,
    });
    other.close();
    expect(await imported(data, recording)).toMatchObject({ frames: 2 });
  });
});

describe('import, of files that are not as they should be', () => {
  it('reads the others, and says in a line what is wrong with one', async () => {
    mkdirSync(join(root, 'folder'));
    const paths = [
      join(root, 'nowhere'),
      join(root, 'folder'),
      file('packed.gz', gzipSync(exchanges(0, 1))),
      file('binary', new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 0, 0xff])),
      file('prose.txt', 'What happened was this.\n'),
      file('good', exchanges(0, 1)),
    ];
    const { code, report, stderr } = await runImport(data, ...paths);
    expect(code).toBe(1);
    expect(report).toMatchObject({ frames: 2, unreadLines: 0 });
    expect(stderr.split('\n')).toEqual([
      `${paths[0]}: there is no such file`,
      `${paths[1]}: it is a directory`,
      `${paths[2]}: it is compressed (gzip): unpack it first`,
      `${paths[3]}: it is no text, and of no format that is known here`,
      `${paths[4]}: it is of no format that is known here (Open OCPP Trace, CSV with timestamp, id and msg, our own records); --format names one`,
      '',
    ]);
  });

  it('takes an empty file, a byte order mark, CRLF and a last line without an end', async () => {
    const empty = file('empty', '');
    const csv = file(
      'windows.csv',
      '\ufefftimestamp,id,action,msg\r\n2025-01-01T00:00:00Z,CP-1,,"[3,""1"",{}]"\r\n2025-01-01T00:00:00Z,CP-1,,"[3,""2"",{}]"',
    );
    const { code, stderr, report } = await runImport(data, empty, csv);
    expect({ code, stderr }).toEqual({ code: 0, stderr: `${empty}: it is empty\n` });
    expect(report).toMatchObject({ frames: 2, orphanResponses: 2, unreadLines: 0 });
  });

  it('names the lines that give no frame, not without end, and keeps frames that are no JSON', async () => {
    const lines = [heartbeat(1), ...Array<string>(30).fill('garbage\n'), trace(minute(2), '[2,"2","Boot')];
    const mixed = file('mixed', lines.join(''));
    const { code, stderr, report } = await runImport(data, mixed);
    expect(code).toBe(0);
    expect(report).toMatchObject({ frames: 2, notJson: 1, unreadLines: 30, calls: 1, unansweredCalls: 1 });
    const said = stderr.trim().split('\n');
    expect(said[0]).toBe(`${mixed}:2: is not JSON`);
    expect(said).toHaveLength(21);
    expect(said.at(-1)).toBe(`${mixed}: 30 lines in all gave no frame`);
    const { stdout, stderr: missing } = await runExport(data);
    expect(stdout.trim().split('\n')).toHaveLength(1);
    expect(missing).toMatch(/^1 frames left out: .*--format record/m);
  });

  it('says that a file has its newest line first', async () => {
    const newest = file('newest', [5, 4, 3, 2, 1].map((number) => heartbeat(number)).join(''));
    expect(await runImport(data, newest)).toMatchObject({
      code: 0,
      report: { frames: 5 },
      stderr: `${newest}: it has its newest line first, and is read as if all came at once: sort it by time first\n`,
    });
    const setBack = file('set-back', [1, 2, 1, 2, 3].map((number) => heartbeat(number, 'CP-2')).join(''));
    expect((await runImport(data, setBack)).stderr).toBe('');
  });

  it('says in a line that the data folder is none', async () => {
    const { code, stderr } = await runImport(file('data-file', ''), file('good', exchanges(0, 1)));
    expect({ code, lines: stderr.split('\n').length }).toEqual({ code: 1, lines: 2 });
    expect(stderr).toMatch(/^the data folder \S+ cannot be written: EEXIST/);
  });

  it.each([
    [[], 'import takes files: npx chargeproof import FILE…'],
    [['--zone', 'Mars', 'x'], '"Mars" is no time zone; one is UTC, +01:00 or Europe/Berlin'],
    [['--format', 'pdf', 'x'], '"pdf" is no format that is read; there are: open-ocpp-trace, csv, record'],
    [['--fast', 'x'], "Unknown option '--fast'; npx chargeproof help import lists them"],
  ])('asked wrongly with %j says how in a line', async (args, line) => {
    expect(await runImport(data, ...args)).toEqual({ code: 2, report: undefined, stderr: `${line}\n` });
  });
});

describe('import into a folder whose platform runs', () => {
  const gateways: GatewayProcess[] = [];
  afterEach(async () => {
    await Promise.all(gateways.splice(0).map((gateway) => gateway.signal('SIGKILL')));
  });

  async function gateway(): Promise<GatewayProcess> {
    const started = await startGatewayProcess({
      [variableName('data', 'folder')]: data,
      [variableName('gateway', 'port')]: '0',
      [variableName('runtime', 'logLevel')]: 'warn',
    });
    gateways.push(started);
    return started;
  }

  it('goes through the gateway, while the station of the file talks to it', async () => {
    const { address } = await gateway();
    const end = await connect(`${address}/ocpp/CP-1`, ['ocpp1.6']);
    if (!(end instanceof End)) throw new Error('the station was refused');
    let live = 0;
    const talk = setInterval(() => {
      end.send(`[2,"live-${live++}","Heartbeat",{}]`);
    }, 1);
    const recording = file('a', exchanges(0, 2000));
    expect(await imported(data, recording)).toMatchObject({ frames: 4000, alreadyKnown: 0 });
    expect(await imported(data, recording)).toMatchObject({ frames: 0, alreadyKnown: 4000 });
    clearInterval(talk);
    const records = framesOf(ofStation(await readEverything(data), 'CP-1'));
    expect(records.filter(({ attributes }) => attributes.witness === 'import')).toHaveLength(4000);
    expect(live).toBeGreaterThan(10);
  });

  it('adds of our own export what is live as it was seen, once, and never again', async () => {
    const running = await gateway();
    const end = await connect(`${running.address}/ocpp/CP-1`, ['ocpp1.6']);
    if (!(end instanceof End)) throw new Error('the station was refused');
    for (let number = 0; number < 20; number++) end.send(`[2,"${number}","Heartbeat",{}]`);
    while (end.got.length < 20) await new Promise((resolve) => setTimeout(resolve, 5));
    const first = await exported(data);
    expect(first).toHaveLength(40);
    const ours = file('ours', first.map((line) => `${JSON.stringify(line)}\n`).join(''));
    expect(await imported(data, ours)).toMatchObject({ frames: 40, alreadyKnown: 0 });
    expect(await exported(data)).toEqual(first);
    expect(await imported(data, ours)).toMatchObject({ frames: 0, alreadyKnown: 40 });
    await running.signal('SIGTERM');
    expect(await imported(data, ours)).toMatchObject({ frames: 0, alreadyKnown: 40 });
  });

  it('says in a line that the owner of the log does not answer', async () => {
    await gateway();
    rmSync(join(data, 'ingest.json'));
    const { code, stderr } = await runImport(data, file('a', exchanges(0, 1)));
    expect(code).toBe(1);
    expect(stderr).toMatch(/^the log in .* is in use: another process owns it, and does not answer\n$/);
  });
});
