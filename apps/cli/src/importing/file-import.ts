import { readFrame } from '@chargeproof/ocpp';
import { type Micros, recordKey, type RunId, type Sealer } from '@chargeproof/record';
import {
  ClaimedTimes,
  Conversation,
  Ordinals,
  type Read,
  type RecordedFrame,
  type RecordedRecord,
  StationRecording,
  type Zone,
} from '@chargeproof/recordings';
import type { Batches } from './batches.ts';
import type { KnownRecords } from './known-records.ts';
import { readRecording } from './recording-file.ts';
import type { Survey } from './survey.ts';

/** One run of the command, over all of its files. */
export type Importing = {
  readonly tenant: string;
  readonly station: string | undefined;
  readonly zone: Zone;
  readonly importedAt: Micros;
  readonly run: RunId;
  readonly sealer: Sealer;
  readonly known: KnownRecords;
  readonly batches: Batches;
  /** Counts the recordings of the run, from 0. */
  readonly nextOrdinal: () => number;
  readonly onProgress: (bytesRead: number) => void;
};

/** Frames only, whatever else a file of ours holds. */
export type Imported = { readonly added: number; readonly alreadyKnown: number; readonly sha256: string };

/** Reads a file again, and appends what is not known. @throws FileUnusable; what appending throws */
export async function importFile(survey: Survey, importing: Importing): Promise<Imported> {
  const { batches, station, onProgress } = importing;
  const file = new FileImport(survey, importing);
  const sha256 = await readRecording(survey.file, station, async (read, bytesRead) => {
    for (const each of read) {
      file.take(each);
      if (batches.isFull) await batches.send();
    }
    onProgress(bytesRead);
  });
  file.end();
  await batches.finish();
  return { added: file.added, alreadyKnown: file.alreadyKnown, sha256 };
}

type Station = {
  readonly key: string;
  readonly recording: StationRecording;
  readonly conversation: Conversation;
  hasBegun: boolean;
};

class FileImport {
  added = 0;
  alreadyKnown = 0;
  readonly #survey: Survey;
  readonly #importing: Importing;
  readonly #times: ClaimedTimes;
  readonly #ordinals = new Ordinals();
  readonly #stations = new Map<string, Station>();

  constructor(survey: Survey, importing: Importing) {
    this.#survey = survey;
    this.#importing = importing;
    this.#times = new ClaimedTimes(importing.zone);
  }

  take(read: Read): void {
    if ('frame' in read) this.#takeFrame(read.frame);
    else if ('record' in read) this.#takeRecord(read.record);
  }

  /** Ends each recording that has begun; and those that an import before this one did not come to end. */
  end(): void {
    const { batches, known } = this.#importing;
    for (const station of this.#stations.values()) {
      if (known.unfinished.has(station.key)) this.#begin(station);
      if (!station.hasBegun) continue;
      batches.add(station.recording.ended());
      known.unfinished.delete(station.key);
    }
  }

  #takeFrame(frame: RecordedFrame): void {
    const station = this.#station(frame.station);
    const turn = station.conversation.take(readFrame(frame.bytes, 'text'), frame.direction);
    const place = station.recording.place(this.#times.read(frame.time));
    const id = this.#idOf(frame);
    if (!this.#isNew(id)) return;
    this.#begin(station);
    this.#importing.batches.add(station.recording.frame(id, frame, turn, place));
  }

  #takeRecord(record: RecordedRecord): void {
    const { id, type } = record.attributes;
    if (type === 'ocpp.frame.v1') {
      if (this.#isNew(id)) this.#importing.batches.add(record);
    } else if (this.#importing.known.ids.add(id)) this.#importing.batches.add(record);
  }

  #isNew(id: string): boolean {
    const isNew = this.#importing.known.ids.add(id);
    if (isNew) this.added += 1;
    else this.alreadyKnown += 1;
    return isNew;
  }

  #idOf({ station, time, bytes: value }: RecordedFrame): string {
    const { sealer, tenant } = this.#importing;
    const first = sealer.importId({ tenant, station, time, value, ordinal: 0 });
    const ordinal = this.#ordinals.next(first);
    return ordinal === 0 ? first : sealer.importId({ tenant, station, time, value, ordinal });
  }

  #begin(station: Station): void {
    if (station.hasBegun) return;
    station.hasBegun = true;
    this.#importing.batches.add(station.recording.begun());
  }

  #station(name: string): Station {
    const known = this.#stations.get(name);
    if (known !== undefined) return known;
    const { tenant, run, importedAt, sealer, zone, nextOrdinal } = this.#importing;
    const { file, sha256, stations } = this.#survey;
    const subject = { tenant, station: name };
    const recording = new StationRecording({
      subject,
      file: { format: file.format, file: file.name, sha256, zone: zone.name },
      run,
      ordinal: nextOrdinal(),
      importedAt,
      opened: stations.get(name)?.opened ?? importedAt,
      sealer,
    });
    const station = { key: recordKey(subject), recording, conversation: new Conversation(), hasBegun: false };
    this.#stations.set(name, station);
    return station;
  }
}
