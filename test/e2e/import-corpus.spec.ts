import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFrame } from '@chargeproof/ocpp';
import { Conversation, type Counts, readerOf, sumOfCounts, Tally } from '@chargeproof/recordings';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  exported,
  hasCorpus,
  imported,
  KWWHAT,
  type Report,
  type Traced,
  TRACES,
} from './importing/folder.ts';

type Expected = {
  readonly counts: Record<'records' | 'calls' | 'callResults' | 'callErrors', number>;
  readonly unansweredCalls?: readonly number[];
  readonly orphanResponses?: readonly number[];
};

const folders: string[] = [];
const folder = () => {
  const made = mkdtempSync(join(tmpdir(), 'chargeproof-corpus-'));
  folders.push(made);
  return made;
};
afterAll(() => {
  for (const each of folders) rmSync(each, { recursive: true, force: true });
});

const traces = hasCorpus ? readdirSync(TRACES) : [];
const fileOf = (name: string) => `${TRACES}${name}/trace.jsonl`;
const linesOf = (name: string) =>
  readFileSync(fileOf(name), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Traced);

/** By the rule of the corpus, for the trace that comes without expectations. */
function counted(name: string): Expected {
  const frames = linesOf(name).map(({ direction, raw }) => ({
    direction,
    frame: JSON.parse(raw) as unknown[],
  }));
  const open = new Set<number>();
  const orphanResponses: number[] = [];
  frames.forEach(({ direction, frame: [type, id] }, index) => {
    if (type === 2) return void open.add(index);
    const call = [...open].findLast(
      (at) => frames[at]?.frame[1] === id && frames[at]?.direction !== direction,
    );
    if (call === undefined) orphanResponses.push(index);
    else open.delete(call);
  });
  const ofType = (type: number) => frames.filter(({ frame }) => frame[0] === type).length;
  return {
    counts: { records: frames.length, calls: ofType(2), callResults: ofType(3), callErrors: ofType(4) },
    unansweredCalls: [...open],
    orphanResponses,
  };
}

const expectedOf = (name: string): Expected =>
  existsSync(`${TRACES}${name}/expected.json`)
    ? (JSON.parse(readFileSync(`${TRACES}${name}/expected.json`, 'utf8')) as Expected)
    : counted(name);

/** In the terms of a report. */
function countsOf({ counts, unansweredCalls = [], orphanResponses = [] }: Expected): Counts {
  const { calls, callResults, callErrors } = counts;
  return {
    notJson: 0,
    unreadLines: 0,
    calls,
    callResults,
    callErrors,
    unansweredCalls: unansweredCalls.length,
    orphanResponses: orphanResponses.length,
  };
}

/** Of a file alone, by what the import counts with. */
function talliedIn(file: string): Counts {
  const reader = readerOf('open-ocpp-trace');
  const conversation = new Conversation();
  const tally = new Tally();
  for (const read of [...reader.push(readFileSync(file)), ...reader.end()]) {
    if (!('frame' in read)) throw new Error(`line ${read.line} of ${file} gave no frame`);
    const frame = readFrame(Buffer.from(read.frame.bytes), 'text');
    tally.frame(frame, conversation.take(frame, read.frame.direction));
  }
  return tally.counts;
}

// Each is of a station of its own, so that one folder holds them all.
describe.skipIf(!hasCorpus)('the sixteen traces of Open OCPP Trace', () => {
  const data = folder();
  let report: Report;
  let lines: readonly Traced[] = [];
  beforeAll(async () => {
    if (!hasCorpus) return;
    report = await imported(data, ...traces.map(fileOf));
    lines = await exported(data);
  });

  it('are there, fifteen with expectations', () => {
    expect(traces).toHaveLength(16);
    expect(traces.filter((name) => existsSync(`${TRACES}${name}/expected.json`))).toHaveLength(15);
  });

  it('are counted as they are expected to be, all in one import', () => {
    const stations = traces.map((name) => [linesOf(name)[0]?.chargePointId ?? '', linesOf(name).length]);
    expect(report).toEqual({
      ...sumOfCounts(traces.map((name) => countsOf(expectedOf(name)))),
      frames: lines.length,
      alreadyKnown: 0,
      stations: Object.fromEntries(stations) as Record<string, number>,
    });
  });

  it.each(traces)('%s agrees with what is expected of it, and comes back as it was', (name) => {
    const expected = expectedOf(name);
    const own = linesOf(name);
    expect(talliedIn(fileOf(name))).toEqual(countsOf(expected));
    // Only what the format defines and a frame itself holds: connectorId is the trace's own reading.
    const without = (line: object) => ({ ...line, connectorId: undefined });
    const ours = lines.filter(({ chargePointId }) => chargePointId === own[0]?.chargePointId);
    expect(ours.map(without)).toEqual(own.map(without));
    expect(ours).toHaveLength(expected.counts.records);
  });
});

/** Each frame of a CSV file, counted: station, time and bytes. */
function framesOfCsv(file: string): ReadonlyMap<string, number> {
  const row = /^([^,]*),([^,]*),[^,]*,"((?:[^"]|"")*)"$/;
  const frames = new Map<string, number>();
  for (const line of readFileSync(file, 'utf8').trim().split(/\r?\n/).slice(1)) {
    const [, time, station, msg = ''] = row.exec(line) ?? [];
    const frame = JSON.stringify([time, station, msg.replaceAll('""', '"')]);
    frames.set(frame, (frames.get(frame) ?? 0) + 1);
  }
  return frames;
}

function framesOfExport(lines: readonly Traced[]): ReadonlyMap<string, number> {
  const frames = new Map<string, number>();
  for (const { timestamp, chargePointId, raw } of lines) {
    const frame = JSON.stringify([timestamp, chargePointId, raw]);
    frames.set(frame, (frames.get(frame) ?? 0) + 1);
  }
  return frames;
}

describe.skipIf(!hasCorpus)('the 17,670 frames of kwwhat', () => {
  const data = folder();
  let lines: readonly Traced[] = [];
  beforeAll(async () => {
    if (!hasCorpus) return;
    const report = await imported(data, KWWHAT);
    expect(report).toMatchObject({ frames: 17_670, alreadyKnown: 0, unreadLines: 0, notJson: 0 });
    lines = await exported(data);
  });

  it('come back byte for byte', () => {
    expect(lines).toHaveLength(17_670);
    expect(framesOfExport(lines)).toEqual(framesOfCsv(KWWHAT));
  });

  it('have directions that their actions tell, each marked as inferred', () => {
    const ways = new Map<string, Set<string>>();
    for (const { direction, raw, meta } of lines) {
      expect(meta?.chargeproof.inferred).toBe('direction');
      const [type, , action] = JSON.parse(raw) as [number, string, string];
      if (type === 2) ways.set(action, (ways.get(action) ?? new Set()).add(direction));
    }
    expect([...ways.get('RemoteStartTransaction')!]).toEqual(['csms-to-cp']);
    ways.delete('RemoteStartTransaction');
    expect([...ways.keys()].sort()).toEqual([
      'Authorize',
      'Heartbeat',
      'MeterValues',
      'StartTransaction',
      'StatusNotification',
      'StopTransaction',
    ]);
    expect([...ways.values()].flatMap((each) => [...each])).toEqual(Array(6).fill('cp-to-csms'));
  });

  it('are all known when they come again: the file, and our own export of it', async () => {
    const ours = join(folder(), 'ours.jsonl');
    writeFileSync(ours, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const nothing = { frames: 0, alreadyKnown: 17_670 };
    expect(await imported(data, KWWHAT)).toMatchObject(nothing);
    expect(await imported(data, ours)).toMatchObject(nothing);
    expect(await exported(data)).toEqual(lines);
  });

  it('are themselves in another folder, where our export is all there is', async () => {
    const ours = join(folder(), 'ours.jsonl');
    const other = folder();
    writeFileSync(ours, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    expect(await imported(other, ours)).toMatchObject({ frames: 17_670 });
    expect(await imported(other, KWWHAT)).toMatchObject({ frames: 0, alreadyKnown: 17_670 });
    expect(await exported(other)).toEqual(lines);
  });
});

if (!hasCorpus) {
  it.skip('SKIPPED: ../shared/corpus is absent, so nothing of it was imported', () => undefined);
}
