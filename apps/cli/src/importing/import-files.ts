import { randomInt } from 'node:crypto';
import type { KafkaConnection } from '@chargeproof/config';
import { createSealer, type Micros, type OwnRules, runId } from '@chargeproof/record';
import { type Counts, type RecordingFormat, sumOfCounts, type Zone } from '@chargeproof/recordings';
import { Batches } from './batches.ts';
import { type Importing, importFile } from './file-import.ts';
import { FileUnusable } from './import-failed.ts';
import { openTarget } from './import-target.ts';
import { readKnown } from './known-records.ts';
import { openRecording } from './recording-file.ts';
import type { Say } from './say.ts';
import { surveyFile, type Survey } from './survey.ts';

export type ImportOptions = {
  readonly folder: string;
  /** Where the log is on Kafka; else it is in the folder. */
  readonly kafka: KafkaConnection | undefined;
  readonly tenant: string;
  readonly station: string | undefined;
  readonly format: RecordingFormat | undefined;
  readonly zone: Zone;
  readonly importedAt: Micros;
  /** What this deployment seals besides. */
  readonly rules: OwnRules | undefined;
  readonly say: Say;
};

/** What `--json` prints. */
export type ImportReport = {
  /** Frames that this import added. */
  readonly frames: number;
  readonly alreadyKnown: number;
} & Counts & {
    /** Frames of each station in the files. */
    readonly stations: Readonly<Record<string, number>>;
  };

/**
 * Brings the frames of files to the log: reads each file once to know what it holds, then again to
 * append what is not known yet. A file that cannot be read is told of and left out.
 * @returns the report, and whether all files were read
 * @throws ImportFailed, LogFailed, LogFull, KeyringUnusable: what is appended by then stays
 */
export async function importFiles(
  paths: readonly string[],
  options: ImportOptions,
): Promise<{ readonly report: ImportReport; readonly isComplete: boolean }> {
  const surveys: Survey[] = [];
  for (const path of paths) {
    const survey = await orTold(options.say, () => surveyPath(path, options));
    if (survey !== undefined) surveys.push(survey);
  }
  const { added, alreadyKnown, unchanged } = await append(surveys, options);
  const report = {
    frames: added,
    alreadyKnown,
    ...sumOfCounts(surveys.map(({ counts }) => counts)),
    stations: framesByStation(surveys),
  };
  return { report, isComplete: unchanged === paths.length };
}

async function surveyPath(path: string, options: ImportOptions): Promise<Survey> {
  const { say, format, zone } = options;
  const file = await openRecording(path, format);
  const unread = say.unreadLinesOf(path);
  const survey = await surveyFile(file, {
    ...options,
    onProblem: unread.line,
    onProgress: say.progress(`${path}: looking`, file.bytes),
  });
  unread.end();
  if (file.bytes === 0) say.line(`${path}: it is empty`);
  if (survey.withoutZone > 0) {
    const times = survey.withoutZone === 1 ? '1 time names' : `${survey.withoutZone} times name`;
    say.line(`${path}: ${times} no zone, read as ${zone.name}; --zone sets another`);
  }
  if (isNewestFirst(survey)) {
    say.line(
      `${path}: it has its newest line first, and is read as if all came at once: sort it by time first`,
    );
  }
  return survey;
}

/** A clock may be set back now and then. Frames stand in the file's order, whatever they claim (decision 9). */
const isNewestFirst = ({ times, backwards }: Survey) => backwards > times / 2;

async function append(surveys: readonly Survey[], options: ImportOptions) {
  const total = { added: 0, alreadyKnown: 0, unchanged: 0 };
  if (surveys.length === 0) return total;
  const run = newRun(options.importedAt);
  const target = await openTarget(options.folder, options.kafka, { run, time: options.importedAt });
  try {
    const partitions = new Set(surveys.flatMap((survey) => [...survey.partitions]));
    const holdsRecords = surveys.some(({ file }) => file.format === 'record');
    let recordings = 0;
    const importing: Omit<Importing, 'onProgress'> = {
      ...options,
      run,
      sealer: createSealer(target.keys, options.rules),
      known: await readKnown(target.log, partitions, holdsRecords),
      batches: new Batches((records) => target.append(records)),
      nextOrdinal: () => recordings++,
    };
    for (const survey of surveys) {
      const { path, bytes } = survey.file;
      const onProgress = options.say.progress(`${path}: importing`, bytes);
      const imported = await orTold(options.say, () => importFile(survey, { ...importing, onProgress }));
      total.added += imported?.added ?? 0;
      total.alreadyKnown += imported?.alreadyKnown ?? 0;
      if (imported?.sha256 === survey.sha256) total.unchanged += 1;
      else options.say.line(`${path}: it changed while it was read; import it again`);
    }
    return total;
  } finally {
    await target.close();
  }
}

const RANDOM_DIGITS = 6;

function newRun(importedAt: Micros): string {
  const random = randomInt(36 ** RANDOM_DIGITS).toString(36);
  return runId(importedAt, random.padStart(RANDOM_DIGITS, '0'));
}

function framesByStation(surveys: readonly Survey[]): Record<string, number> {
  const frames = new Map<string, number>();
  for (const { stations } of surveys) {
    for (const [name, station] of stations) frames.set(name, (frames.get(name) ?? 0) + station.frames);
  }
  return Object.fromEntries([...frames].sort(([one], [other]) => (one < other ? -1 : 1)));
}

async function orTold<Result>(say: Say, read: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof FileUnusable)) throw error;
    say.line(error.message);
    return undefined;
  }
}
