import { type Frame, readFrame } from '@chargeproof/ocpp';
import { type ChargeRecord, type Direction, type Micros, partitionOf, recordKey } from '@chargeproof/record';
import {
  ClaimedTimes,
  Conversation,
  type Counts,
  isPlausible,
  type Read,
  type RecordedFrame,
  Tally,
  type Zone,
} from '@chargeproof/recordings';
import { type RecordingFile, readRecording } from './recording-file.ts';

/** What a file holds, as far as it must be known before the first record of it is appended. */
export type Survey = {
  readonly file: RecordingFile;
  readonly sha256: string;
  readonly counts: Counts;
  readonly frames: number;
  readonly stations: ReadonlyMap<string, StationSurvey>;
  /** Of the log, where its records go or stand. */
  readonly partitions: ReadonlySet<number>;
  /** How many times named no zone. */
  readonly withoutZone: number;
  /** How many times could be read and believed; and how many of them are earlier than that of the frame before. */
  readonly times: number;
  readonly backwards: number;
};

export type StationSurvey = {
  readonly frames: number;
  /** The first plausible time; undefined where there is none. */
  readonly opened: Micros | undefined;
};

export type SurveyOptions = {
  readonly tenant: string;
  /** For lines that name none. */
  readonly station: string | undefined;
  readonly zone: Zone;
  readonly importedAt: Micros;
  /** Told of each line, or lines, that gave no frame. */
  readonly onProblem: (line: number, lines: number, problem: string) => void;
  readonly onProgress: (bytesRead: number) => void;
};

/** Reads a file and appends nothing. @throws FileUnusable */
export async function surveyFile(file: RecordingFile, options: SurveyOptions): Promise<Survey> {
  const surveyor = new Surveyor(options);
  const sha256 = await readRecording(file, options.station, (read, bytesRead) => {
    for (const each of read) surveyor.take(each);
    options.onProgress(bytesRead);
  });
  return { file, sha256, ...surveyor.found() };
}

type Station = {
  frames: number;
  opened: Micros | undefined;
  latest: Micros;
  readonly conversation: Conversation;
};

class Surveyor {
  readonly #options: SurveyOptions;
  readonly #tally = new Tally();
  readonly #times: ClaimedTimes;
  readonly #stations = new Map<string, Station>();
  readonly #partitions = new Set<number>();
  #frames = 0;
  #plausible = 0;
  #backwards = 0;

  constructor(options: SurveyOptions) {
    this.#options = options;
    this.#times = new ClaimedTimes(options.zone);
  }

  take(read: Read): void {
    if ('frame' in read) this.#takeFrame(read.frame);
    else if ('record' in read) this.#takeRecord(read.record);
    else {
      const { line, lines = 1, problem } = read;
      this.#tally.unread(lines);
      this.#options.onProblem(line, lines, problem);
    }
  }

  found(): Omit<Survey, 'file' | 'sha256'> {
    return {
      counts: this.#tally.counts,
      frames: this.#frames,
      stations: this.#stations,
      partitions: this.#partitions,
      withoutZone: this.#times.withoutZone,
      times: this.#plausible,
      backwards: this.#backwards,
    };
  }

  #takeFrame({ station: name, bytes, direction, time }: RecordedFrame): void {
    const station = this.#station(name);
    const claimed = this.#times.read(time);
    if (isPlausible(claimed, this.#options.importedAt)) this.#noteTime(station, claimed);
    this.#count(station, readFrame(bytes, 'text'), direction);
  }

  #noteTime(station: Station, time: Micros): void {
    station.opened ??= time;
    this.#plausible += 1;
    if (time < station.latest) this.#backwards += 1;
    station.latest = time;
  }

  #takeRecord({
    key,
    attributes,
    value,
    partition = partitionOf(key),
  }: ChargeRecord & { partition?: number }): void {
    this.#partitions.add(partition);
    const { type, subject, direction, opcode = 'text', cut, sealed } = attributes;
    if (type !== 'ocpp.frame.v1' || subject === undefined) return;
    const frame = readFrame(value, opcode, cut !== undefined, sealed?.verdict);
    this.#count(this.#station(subject), frame, direction);
  }

  #count(station: Station, frame: Frame, direction: Direction | undefined): void {
    station.frames += 1;
    this.#frames += 1;
    this.#tally.frame(frame, station.conversation.take(frame, direction));
  }

  #station(name: string): Station {
    const known = this.#stations.get(name);
    if (known !== undefined) return known;
    const station = { frames: 0, opened: undefined, latest: 0, conversation: new Conversation() };
    this.#stations.set(name, station);
    this.#partitions.add(partitionOf(recordKey({ tenant: this.#options.tenant, station: name })));
    return station;
  }
}
