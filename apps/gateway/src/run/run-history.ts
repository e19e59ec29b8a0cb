import type { LogReader } from '@chargeproof/log';
import type { RunId, RunStarted } from '@chargeproof/record';
import { readIfThere, writeDurably } from '../durable-file.ts';
import { previousRun } from './previous-run.ts';

export type PreviousRun = RunStarted['previous'];

/** The runs of one data folder, one after the other. */
export type RunHistory = {
  previous(): Promise<PreviousRun>;
  /** The run is in the log everywhere, and no socket is open yet. */
  begun(run: RunId): void;
  /** So are its last records. */
  ended(run: RunId): void;
};

/** Of a folder that owns its log: that tells of it, and survives, moves and is restored with it. */
export const historyInLog = (log: LogReader): RunHistory => ({
  previous: () => previousRun(log),
  begun: () => undefined,
  ended: () => undefined,
});

export type RunFileOptions = {
  readonly file: string;
  /** Of a folder in which no run has written the file yet. */
  readonly before: () => Promise<PreviousRun>;
  readonly onTrouble: (error: Error) => void;
};

/**
 * Of a folder whose gateway shares its log with others: a small file in it. The log would tell of the others' runs,
 * too, and whose previous run a gateway names, its connections are over. A run that died before it was noted here
 * had no socket, so nothing is lost that the next one does not name it.
 */
export class RunFile implements RunHistory {
  readonly #options: RunFileOptions;

  constructor(options: RunFileOptions) {
    this.#options = options;
  }

  async previous(): Promise<PreviousRun> {
    const { file, before, onTrouble } = this.#options;
    const text = readIfThere(file);
    if (text === undefined) return before();
    const [, run, endedCleanly] = FORM.exec(text) ?? [];
    if (run !== undefined) return { run, endedCleanly: endedCleanly === 'true' };
    // No station is kept waiting for a hint: its connections stay unknown, as they are.
    onTrouble(new Error(`${file} is damaged: this run names no previous one`));
    return undefined;
  }

  begun(run: RunId): void {
    this.#write(run, false);
  }

  ended(run: RunId): void {
    this.#write(run, true);
  }

  #write(run: RunId, endedCleanly: boolean): void {
    writeDurably(this.#options.file, `{"run":"${run}","endedCleanly":${endedCleanly}}\n`);
  }
}

const FORM = /^\{"run":"([0-9a-z]+-[0-9a-z]+)","endedCleanly":(true|false)\}\n$/;
