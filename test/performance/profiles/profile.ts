import type { Log, LogReader } from '@chargeproof/log';
import type { SchemaStore } from '@chargeproof/tables';
import type { Settings } from '../processes.ts';

/** What a profile is to the figures: everything in which the two differ, as data. */
export type Profile = {
  readonly name: ProfileName;
  /** Which apps stand between the log and an answer, in the order in which they start; the last one answers. */
  readonly readers: readonly ReaderApp[];
  /** Which of them folds. */
  readonly folds: ReaderApp;
  /** Servers that are not ours, on this machine: they work for us, so their CPU counts. */
  readonly servers: readonly { readonly name: string; readonly pid: number }[];
  /** Makes the log's server stand still, and go on; absent where there is none, or it is not this bench's own. */
  readonly holdLog?: (isHeld: boolean) => void;
  /** What a process of this bench needs to find the same servers. */
  readonly settings: Settings;
  /** A log and tables that nobody used yet. */
  place(): Promise<Place>;
  stop(): Promise<void>;
};

export type ProfileName = 'embedded' | 'kafka';
export type ReaderApp = 'projector' | 'api';

/** Where one measurement records and reads. */
export type Place = {
  /** The data folder of the processes there. */
  readonly folder: string;
  /** What each of them is told. */
  readonly settings: Settings;
  openLog(): Promise<Log>;
  openReader(): Promise<LogReader>;
  /** @param database one of its own; absent: the one that the processes there use */
  openStore(database?: string): Promise<SchemaStore>;
  /** Bytes of the log on disk; undefined where its disk is not this machine's. */
  logBytes(): number | undefined;
  remove(): Promise<void>;
};
